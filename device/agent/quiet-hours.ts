/**
 * When the store is quiet: the hours in which hardly anything is sold, as the belief has learned them, or those that
 * the configuration names. Pure.
 */
export interface QuietHours {
  /** Store time, `HH:MM`; may lie after `to`: the night is in between. */
  readonly from: string;
  readonly to: string;
}

export interface QuietWindow {
  readonly fromMs: number;
  readonly toMs: number;
}

export interface QuietQuestion {
  readonly nowMs: number;
  readonly timeZone: string;
  readonly configured?: QuietHours | undefined;
  /** Share of a trading day expected in the hour that begins then. */
  readonly shareOfHour: (startMs: number) => number;
}

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const DAY_MINUTES = 1440;
/** Less than a third of an even hour's share. */
const QUIET_SHARE = 1 / 72;
/** A store that never sleeps still has its quietest hours. */
const FEWEST_HOURS = 3;

/** The quiet hours that `nowMs` lies in; undefined while the store trades. */
export function quietWindow(question: QuietQuestion): QuietWindow | undefined {
  const { configured } = question;
  return configured === undefined ? learnedWindow(question) : configuredWindow(question, configured);
}

function configuredWindow(
  { nowMs, timeZone }: QuietQuestion,
  { from, to }: QuietHours,
): QuietWindow | undefined {
  const parts = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit' });
  const begins = minutesOf(from);
  const since = (minutesOf(parts.format(nowMs)) - begins + DAY_MINUTES) % DAY_MINUTES;
  const length = (minutesOf(to) - begins + DAY_MINUTES) % DAY_MINUTES;
  if (since >= length) return undefined;
  const fromMs = Math.floor(nowMs / MINUTE_MS) * MINUTE_MS - since * MINUTE_MS;
  return { fromMs, toMs: fromMs + length * MINUTE_MS };
}

const minutesOf = (time: string): number => {
  const [hours, minutes] = time.split(':').map(Number);
  return ((hours ?? 0) % 24) * 60 + (minutes ?? 0);
};

function learnedWindow({ nowMs, shareOfHour }: QuietQuestion): QuietWindow | undefined {
  const now = Math.floor(nowMs / HOUR_MS);
  const shares = Array.from({ length: 24 }, (_, ahead) => shareOfHour((now + ahead) * HOUR_MS));
  const shareAt = (hour: number): number => shares[(((hour - now) % 24) + 24) % 24] as number;
  const quiet = quietHours(shares);
  const isQuiet = (hour: number): boolean => shareAt(hour) <= quiet;
  if (!isQuiet(now)) return undefined;
  let from = now;
  while (from > now - 23 && isQuiet(from - 1)) from--;
  let to = now + 1;
  while (to < from + 24 && isQuiet(to)) to++;
  return { fromMs: from * HOUR_MS, toMs: to * HOUR_MS };
}

/** The share up to which an hour counts as quiet. */
function quietHours(shares: readonly number[]): number {
  const sorted = shares.toSorted((a, b) => a - b);
  return Math.max(QUIET_SHARE, sorted[FEWEST_HOURS - 1] as number);
}
