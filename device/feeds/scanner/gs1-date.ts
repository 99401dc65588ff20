/** Dates in GS1 data: two-digit years and the day 00. */

/** The year in which the century of a two-digit year is judged. */
export interface DateContext {
  readonly year: number;
}

/**
 * YYMMDD with its century (GS1 General Specifications, section 7.12): a year 51 to 99 ahead belongs to the
 * past century, one 50 to 99 behind to the next.
 */
export function fullYear(yymmdd: string, { year }: DateContext): string {
  const ahead = Number(yymmdd.slice(0, 2)) - (year % 100);
  const century = Math.floor(year / 100) + (ahead >= 51 ? -1 : ahead <= -50 ? 1 : 0);
  return `${century}${yymmdd}`;
}

const lastDay = (year: number, month: number): number => new Date(Date.UTC(year, month, 0)).getUTCDate();

export function dateProblem(yyyymmdd: string, dayMayBeZero: boolean): string | undefined {
  const month = Number(yyyymmdd.slice(4, 6));
  const day = Number(yyyymmdd.slice(6));
  if (month < 1 || month > 12) return `there is no month ${yyyymmdd.slice(4, 6)}`;
  if (day === 0 && dayMayBeZero) return undefined;
  const exists = day >= 1 && day <= lastDay(Number(yyyymmdd.slice(0, 4)), month);
  return exists ? undefined : `there is no day ${yyyymmdd.slice(6)} in that month`;
}

/** ISO date; day 00 is the last day of the month. */
export function isoDate(yymmdd: string, context: DateContext): string {
  const full = fullYear(yymmdd, context);
  const [year, month, day] = [full.slice(0, 4), full.slice(4, 6), full.slice(6)];
  const shown = day === '00' ? String(lastDay(Number(year), Number(month))) : day;
  return `${year}-${month}-${shown}`;
}
