/** Finds out how far the operating system locks this machine. Thin: each probe answers or says "unknown". */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Finding, LockDownFacts } from './verdict.ts';

const run = promisify(execFile);
const PROBE_WITHIN_MS = 3_000;

export type Probe = (command: string, args: readonly string[]) => Promise<string | undefined>;

/** A command's output, or undefined where it is missing, fails or takes too long. */
export const probeCommand: Probe = async (command, args) => {
  try {
    const { stdout } = await run(command, [...args], { timeout: PROBE_WITHIN_MS, windowsHide: true });
    return stdout;
  } catch {
    return undefined;
  }
};

export async function gatherFacts(
  platform: string,
  environment: Readonly<Record<string, string | undefined>>,
  isFullScreen: boolean,
  probe: Probe = probeCommand,
): Promise<LockDownFacts> {
  if (platform === 'linux') return { platform, isFullScreen, ...linuxFacts(environment) };
  if (platform === 'win32') return { platform, isFullScreen, ...(await windowsFacts(probe)) };
  return { platform, isFullScreen, sessionShell: 'unknown', taskSwitch: 'unknown', gestures: 'unknown' };
}

type Findings = Pick<LockDownFacts, 'sessionShell' | 'taskSwitch' | 'gestures'>;

/** cage is a Wayland compositor that runs one application and has no way to leave it. */
function linuxFacts(environment: Readonly<Record<string, string | undefined>>): Findings {
  const session = (
    environment['XDG_CURRENT_DESKTOP'] ??
    environment['XDG_SESSION_DESKTOP'] ??
    ''
  ).toLowerCase();
  const finding: Finding = session === '' ? 'unknown' : session.includes('cage') ? 'locked' : 'open';
  return { sessionShell: finding, taskSwitch: finding, gestures: finding };
}

const POLICIES = String.raw`HKCU\Software\Microsoft\Windows\CurrentVersion\Policies\System`;
const EDGE = String.raw`HKLM\SOFTWARE\Policies\Microsoft\Windows\EdgeUI`;
const WINLOGON = String.raw`HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Winlogon`;

async function windowsFacts(probe: Probe): Promise<Findings> {
  const [shell, taskManager, edgeSwipe] = await Promise.all([
    probe('reg', ['query', WINLOGON, '/v', 'Shell']),
    probe('reg', ['query', POLICIES, '/v', 'DisableTaskMgr']),
    probe('reg', ['query', EDGE, '/v', 'AllowEdgeSwipe']),
  ]);
  return {
    sessionShell: finding(shell, (text) => /truecount/i.test(text)),
    taskSwitch: finding(taskManager, (text) => /0x1\b/.test(text)),
    gestures: finding(edgeSwipe, (text) => /0x0\b/.test(text)),
  };
}

const finding = (output: string | undefined, isLocked: (text: string) => boolean): Finding =>
  output === undefined ? 'unknown' : isLocked(output) ? 'locked' : 'open';
