/** What a command cannot do, with a code for programs and a sentence that says what to do. */
export class CommandError extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** One line for people and programs. Errors of the operating system begin with their code already. */
export const codedLine = (code: string, message: string): string =>
  message.startsWith(`${code}: `) ? message : `${code}: ${message}`;
