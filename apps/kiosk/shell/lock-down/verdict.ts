/**
 * Is this machine really locked to the kiosk? Electron's kiosk mode alone does not lock a machine (electron
 * #38286, #47724, #4019): the operating system must. The verdict fails closed: what could not be found out
 * counts as open.
 */
export type Finding = 'locked' | 'open' | 'unknown';

export interface LockDownFacts {
  readonly platform: string;
  /** The kiosk is what the session starts, not an app on a desktop. */
  readonly sessionShell: Finding;
  /** Task switching and the system menu are blocked. */
  readonly taskSwitch: Finding;
  /** Edge swipes and touch gestures are off. */
  readonly gestures: Finding;
  readonly isFullScreen: boolean;
}

export interface LockDownVerdict {
  readonly isLocked: boolean;
  /** One line per gap: what is open and what to do. */
  readonly gaps: readonly string[];
}

const advice: Readonly<Record<'sessionShell' | 'taskSwitch' | 'gestures', string>> = {
  sessionShell: 'the session starts a desktop',
  taskSwitch: 'task switching is not blocked',
  gestures: 'edge gestures are not blocked',
};

export function judgeLockDown(facts: LockDownFacts): LockDownVerdict {
  const gaps: string[] = [];
  if (!facts.isFullScreen) gaps.push('the shell runs in a window; start it without --window');
  for (const part of ['sessionShell', 'taskSwitch', 'gestures'] as const) {
    const finding = facts[part];
    if (finding === 'locked') continue;
    const what = finding === 'open' ? advice[part] : `could not find out whether ${advice[part]}`;
    gaps.push(`${what}; see docs/lock-down/${guide(facts.platform)}`);
  }
  return { isLocked: gaps.length === 0, gaps };
}

function guide(platform: string): string {
  if (platform === 'win32') return 'windows.md';
  if (platform === 'linux') return 'linux.md';
  return 'README.md';
}
