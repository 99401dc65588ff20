import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { nodeLauncher, superviseAgent } from './agent-process.ts';
import { gatherFacts } from './lock-down/facts.ts';
import { type Finding, judgeLockDown } from './lock-down/verdict.ts';
import { agentRestarts, restartDelayMs, windowRestarts } from './restart-policy.ts';
import { readShellOptions } from './shell-options.ts';
import { isEscapeKey, mayNavigate, windowOptions } from './window-policy.ts';

const AGENT = 'http://127.0.0.1:4310/';

describe('the kiosk window', () => {
  it('gives its page no Node, no webview and a sandbox', () => {
    expect(windowOptions('/preload.cjs', true).webPreferences).toMatchObject({
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webviewTag: false,
      webSecurity: true,
      devTools: false,
    });
  });

  it.each([
    ['http://127.0.0.1:4310/look-up?q=oat', true],
    ['http://127.0.0.1:4311/', false],
    ['https://127.0.0.1:4310/', false],
    ['http://127.0.0.1:4310@evil.example/', false],
    ['http://user:secret@127.0.0.1:4310/', false],
    ['file:///etc/passwd', false],
    ['javascript:alert(1)', false],
    ['nonsense', false],
  ])('may navigate to %s: %s', (target, allowed) => {
    expect(mayNavigate(target, AGENT)).toBe(allowed);
  });

  it('swallows keys that leave a kiosk and lets typing through', () => {
    const plain = { control: false, meta: false, alt: false, shift: false };
    for (const escape of [
      { ...plain, key: 'F5' },
      { ...plain, key: 'F4', alt: true },
      { ...plain, key: 'w', control: true },
      { ...plain, key: 'I', control: true, shift: true },
    ])
      expect(isEscapeKey(escape)).toBe(true);
    for (const typing of [
      { ...plain, key: 'w' },
      { ...plain, key: '4' },
      { ...plain, key: 'Enter' },
      { ...plain, key: 'v', control: true },
    ])
      expect(isEscapeKey(typing)).toBe(false);
  });
});

describe('restarts', () => {
  it('bring a crashed window back within a second', () => {
    expect(restartDelayMs(windowRestarts, [0], 0)).toBeLessThan(1000);
  });
  it('slow down when it keeps dying, and forgive after a quiet time', () => {
    const deaths = Array.from({ length: 20 }, (_, at) => at * 1000);
    expect(restartDelayMs(agentRestarts, deaths, 20_000)).toBe(agentRestarts.maxDelayMs);
    expect(restartDelayMs(agentRestarts, deaths, 20_000 + agentRestarts.windowMs)).toBe(
      agentRestarts.firstDelayMs,
    );
  });
});

describe('the lock-down check', () => {
  const findings: readonly Finding[] = ['locked', 'open', 'unknown'];
  it('calls a machine locked only when every part is known to be locked', () => {
    for (const sessionShell of findings)
      for (const taskSwitch of findings)
        for (const gestures of findings)
          for (const isFullScreen of [true, false]) {
            const verdict = judgeLockDown({
              platform: 'win32',
              sessionShell,
              taskSwitch,
              gestures,
              isFullScreen,
            });
            const all = [sessionShell, taskSwitch, gestures].every((finding) => finding === 'locked');
            expect(verdict.isLocked).toBe(all && isFullScreen);
            expect(verdict.gaps.length === 0).toBe(verdict.isLocked);
          }
  });

  it('knows a cage session on Linux from a desktop', async () => {
    const cage = await gatherFacts('linux', { XDG_CURRENT_DESKTOP: 'cage' }, true);
    expect(judgeLockDown(cage).isLocked).toBe(true);
    const desktop = await gatherFacts('linux', { XDG_CURRENT_DESKTOP: 'GNOME' }, true);
    expect(judgeLockDown(desktop).gaps[0]).toContain('the session starts a desktop');
  });

  it('stays closed on Windows when a probe fails', async () => {
    const facts = await gatherFacts('win32', {}, true, async () => undefined);
    expect(judgeLockDown(facts)).toMatchObject({ isLocked: false });
    const locked = await gatherFacts('win32', {}, true, async (_command, args) =>
      args.includes('Shell') ? 'Shell REG_SZ truecount.exe' : args.includes('AllowEdgeSwipe') ? '0x0' : '0x1',
    );
    expect(judgeLockDown(locked).isLocked).toBe(true);
  });
});

describe('the shell command line', () => {
  it.each([
    [['--url', 'http://127.0.0.1:4310'], true],
    [['--agent', 'store.json', '--window'], true],
    [['--url', 'http://store-pc:4310'], false],
    [['--url', 'https://store-pc:4310'], true],
    [['--url', 'file:///x'], false],
    [[], false],
    [['--url', 'http://127.0.0.1:1', '--agent', 'store.json'], false],
  ])('%j is accepted: %s', (argv, ok) => {
    expect(readShellOptions(argv).ok).toBe(ok);
  });
});

describe('the agent process', () => {
  it('is started again after it dies and gives its address once it is ready', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'truecount-shell-'));
    const script = join(folder, 'agent.mjs');
    writeFileSync(
      script,
      `import { existsSync, writeFileSync } from 'node:fs';
       const mark = ${JSON.stringify(join(folder, 'died-once'))};
       if (!existsSync(mark)) { writeFileSync(mark, ''); process.exit(9); }
       console.log('warming up');
       console.log(JSON.stringify({ event: 'ready', url: ${JSON.stringify(AGENT)} }));
       setInterval(() => {}, 1000);`,
    );
    const said: string[] = [];
    const agent = superviseAgent(nodeLauncher([process.execPath, script], {}), (text) => said.push(text));
    expect(await agent.url).toBe(AGENT);
    expect(said).toEqual([expect.stringContaining('starting it again')]);
    await agent.stop();
  });
});
