/**
 * The Electron main process: one locked-down window on the agent's screens. Thin on purpose; every decision
 * lives in a file beside it that runs, and is tested, without Electron.
 */
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { app, BrowserWindow, ipcMain, Menu, session, utilityProcess } from 'electron';
import { type AgentLauncher, nodeLauncher, superviseAgent } from './agent-process.ts';
import { gatherFacts } from './lock-down/facts.ts';
import { judgeLockDown, type LockDownVerdict } from './lock-down/verdict.ts';
import { restartDelayMs, windowRestarts } from './restart-policy.ts';
import { readShellOptions, type ShellOptions } from './shell-options.ts';
import { isEscapeKey, mayNavigate, windowOptions } from './window-policy.ts';

const here = import.meta.dirname;
const log = (text: string): void => void process.stderr.write(`${text}\n`);

function agentLauncher(config: string, verdict: LockDownVerdict): AgentLauncher {
  const environment = { ...process.env, TRUECOUNT_SHELL_CHECK: JSON.stringify(verdict) };
  const args = ['store', '--config', config];
  if (!app.isPackaged) {
    const root = join(here, '../../..');
    return nodeLauncher(
      [join(root, 'node_modules/node/bin/node'), join(root, 'apps/cli/truecount.mjs'), ...args],
      environment,
    );
  }
  return () => {
    const child = utilityProcess.fork(join(here, 'agent.mjs'), args, { stdio: 'pipe', env: environment });
    return {
      stdout: child.stdout instanceof PassThrough ? child.stdout : PassThrough.from(child.stdout ?? []),
      exited: new Promise((resolve) => child.once('exit', () => resolve())),
      kill: () => child.kill(),
    };
  };
}

function openWindow(url: string, options: ShellOptions): void {
  const deaths: number[] = [];
  const window = new BrowserWindow(windowOptions(join(here, 'preload.cjs'), options.isFullScreen));
  window.once('ready-to-show', () => window.show());
  const contents = window.webContents;
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  contents.on('will-navigate', (event) => {
    if (!mayNavigate(event.url, url)) event.preventDefault();
  });
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.on('before-input-event', (event, input) => {
    if (options.isFullScreen && isEscapeKey(input)) event.preventDefault();
  });
  const comeBack = (why: string) => {
    const now = Date.now();
    deaths.push(now);
    const delay = restartDelayMs(windowRestarts, deaths, now);
    log(`the window ${why}; loading it again in ${delay} ms`);
    setTimeout(() => void window.loadURL(url).catch(() => undefined), delay);
  };
  contents.on('render-process-gone', (_event, details) => comeBack(`ended (${details.reason})`));
  contents.on('did-fail-load', (_event, code, text, _address, isMainFrame) => {
    // -3 is a load that a newer one replaced.
    if (isMainFrame && code !== -3) comeBack(`could not load (${text})`);
  });
  window.on('unresponsive', () => contents.forcefullyCrashRenderer());
  void window.loadURL(url).catch(() => undefined);
}

async function start(options: ShellOptions): Promise<void> {
  const verdict = judgeLockDown(await gatherFacts(process.platform, process.env, options.isFullScreen));
  for (const gap of verdict.gaps) log(`not locked: ${gap}`);
  await app.whenReady();
  Menu.setApplicationMenu(null);
  session.defaultSession.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  session.defaultSession.setPermissionCheckHandler(() => false);
  session.defaultSession.on('will-download', (event) => event.preventDefault());

  const agent = options.agentConfig
    ? superviseAgent(agentLauncher(options.agentConfig, verdict), log)
    : undefined;
  const url = options.url ?? (await agent?.url) ?? '';
  ipcMain.handle('shell:info', (event) => {
    if (!mayNavigate(event.senderFrame?.url ?? '', url)) throw new Error('E_SENDER: not a kiosk screen');
    return { version: app.getVersion(), ...verdict };
  });
  openWindow(url, options);
  app.on('will-quit', () => void agent?.stop());
}

const asked = readShellOptions(process.argv.slice(app.isPackaged ? 1 : 2));
if (!asked.ok) {
  log(`E_OPTIONS: ${asked.problem}`);
  app.exit(2);
} else if (!app.requestSingleInstanceLock()) {
  log('E_RUNNING: the kiosk already runs on this machine');
  app.exit(1);
} else {
  void start(asked.options);
}
