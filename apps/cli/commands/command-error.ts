/** What a command cannot do, with a code for programs and a sentence that says what to do. */
export class CommandError extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}
