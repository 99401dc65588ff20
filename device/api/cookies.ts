/** The one cookie of the API. */
export const SESSION_COOKIE = 'truecount_session';

export function cookieOf(header: string | undefined, name: string): string | undefined {
  for (const part of header?.split(';') ?? []) {
    const at = part.indexOf('=');
    if (at > 0 && part.slice(0, at).trim() === name) return part.slice(at + 1).trim();
  }
  return undefined;
}

/** Gone when the browser closes; never readable by scripts, never sent along from other sites. */
export const sessionCookie = (token: string): string =>
  `${SESSION_COOKIE}=${token}; Path=/api; HttpOnly; SameSite=Strict`;
export const endedCookie = `${SESSION_COOKIE}=; Path=/api; HttpOnly; SameSite=Strict; Max-Age=0`;
