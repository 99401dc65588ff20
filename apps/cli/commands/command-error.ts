/** What a command cannot do, with a code for programs and a sentence that says what to do. */
export class CommandError extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** What the operating system says of a file, as a person would: code and sentence by its own code. */
const fileProblems: Readonly<Record<string, readonly [code: string, said: (path: string) => string]>> = {
  ENOENT: ['E_NO_FILE', (path) => `there is no file ${path}`],
  EISDIR: ['E_NO_FILE', (path) => `${path} is a folder; name a file`],
  ENOTDIR: ['E_NO_FILE', (path) => `a part of ${path} is a file, not a folder`],
  EACCES: ['E_NOT_ALLOWED', (path) => `this user may not open ${path}`],
  EPERM: ['E_NOT_ALLOWED', (path) => `this user may not open ${path}`],
};

/** The one line that is printed of whatever ended a command. */
export function errorLine(error: unknown): string {
  if (!(error instanceof Error)) return codedLine('E_UNEXPECTED', String(error)).replaceAll('\n', ' ');
  const { code, path } = error as NodeJS.ErrnoException;
  // What is read from a folder that was opened like a file comes without its name.
  const named = path ?? (code === 'EISDIR' ? 'what was named' : undefined);
  const problem = fileProblems[code ?? ''];
  const line =
    problem && named !== undefined
      ? codedLine(problem[0], problem[1](named))
      : codedLine(typeof code === 'string' ? code : 'E_UNEXPECTED', error.message);
  return line.replaceAll('\n', ' ');
}

/** One line for people and programs. Errors of the operating system begin with their code already. */
export const codedLine = (code: string, message: string): string =>
  message.startsWith(`${code}: `) ? message : `${code}: ${message}`;
