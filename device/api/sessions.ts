/**
 * Who is at the kiosk, after a PIN.
 *
 * States: signed out -> signed in -> signed out (by hand, after `IDLE_MS` without a request, after `LONGEST_MS`, or
 * when the grant is withdrawn or expires). Sessions live in memory: a restart signs everybody out. Works in an
 * outage, since grants are signed and stored here. Time is the machine's own, not a demo's.
 */
import { randomBytes } from 'node:crypto';
import type { Clock, SessionView, StaffGrant } from '@truecount/protocol';
import { afterWrong, type AttemptState, isLocked, noAttempts } from './attempt-limit.ts';
import { pinMatches } from './pin-hash.ts';

const IDLE_MS = 5 * 60_000;
const LONGEST_MS = 4 * 3_600_000;
const MAX_SESSIONS = 20;

export interface Session {
  readonly token: string;
  readonly grant: StaffGrant;
  readonly startedMs: number;
  readonly seenMs: number;
}

export type SignIn =
  | { readonly type: 'signed-in'; readonly session: Session }
  | { readonly type: 'wrong' }
  | { readonly type: 'locked'; readonly untilMs: number };

export class Sessions {
  readonly #clock: Clock;
  readonly #staff: () => readonly StaffGrant[];
  readonly #sessions = new Map<string, Session>();
  #attempts: AttemptState = noAttempts;
  /** One check at a time: a flood of PINs must not get more guesses than the limit before it bites. */
  #checking: Promise<unknown> = Promise.resolve();

  constructor(clock: Clock, staff: () => readonly StaffGrant[]) {
    this.#clock = clock;
    this.#staff = staff;
  }

  signIn(pin: string): Promise<SignIn> {
    const attempt = this.#checking.then(() => this.#check(pin));
    this.#checking = attempt.catch(() => undefined);
    return attempt;
  }

  /** The session of a request's token, kept alive by this use. */
  use(token: string | undefined): Session | undefined {
    const session = token === undefined ? undefined : this.#sessions.get(token);
    if (session === undefined) return undefined;
    const now = this.#clock.now();
    const grant = this.#staff().find(({ id }) => id === session.grant.id);
    const isOver =
      now - session.seenMs > IDLE_MS || now - session.startedMs > LONGEST_MS || grant === undefined;
    if (isOver) {
      this.#sessions.delete(session.token);
      return undefined;
    }
    const used = { ...session, grant, seenMs: now };
    this.#sessions.set(session.token, used);
    return used;
  }

  signOut(token: string | undefined): void {
    if (token !== undefined) this.#sessions.delete(token);
  }

  view(session: Session | undefined): SessionView {
    if (session === undefined) {
      const locked = isLocked(this.#attempts, this.#clock.now());
      return locked
        ? { signedIn: false, lockedUntil: new Date(this.#attempts.lockedUntilMs).toISOString() }
        : { signedIn: false };
    }
    return {
      signedIn: true,
      name: session.grant.name,
      role: session.grant.role,
      expiresAt: new Date(Math.min(session.seenMs + IDLE_MS, session.startedMs + LONGEST_MS)).toISOString(),
    };
  }

  async #check(pin: string): Promise<SignIn> {
    const now = this.#clock.now();
    if (isLocked(this.#attempts, now)) return { type: 'locked', untilMs: this.#attempts.lockedUntilMs };
    for (const grant of this.#staff())
      if (await pinMatches(pin, grant.pinHash)) return { type: 'signed-in', session: this.#start(grant) };
    this.#attempts = afterWrong(this.#attempts, now);
    if (!isLocked(this.#attempts, now)) return { type: 'wrong' };
    return { type: 'locked', untilMs: this.#attempts.lockedUntilMs };
  }

  #start(grant: StaffGrant): Session {
    this.#attempts = noAttempts;
    const now = this.#clock.now();
    const session = { token: randomBytes(32).toString('base64url'), grant, startedMs: now, seenMs: now };
    this.#sessions.set(session.token, session);
    const [oldest] = this.#sessions.keys();
    if (this.#sessions.size > MAX_SESSIONS && oldest !== undefined) this.#sessions.delete(oldest);
    return session;
  }
}
