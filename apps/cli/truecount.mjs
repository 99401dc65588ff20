#!/usr/bin/env node
// The launcher: plain JavaScript so that any Node >= 20 can start it, from any folder. The product itself runs
// on the Node pinned in package.json (it executes TypeScript directly and has SQLite built in), so an older
// system Node hands over to that one.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import * as nodeModule from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';

/**
 * What runs for weeks beside a shop's other programs: short-lived objects get a bounded room, so that a drained outage of
 * a week peaks at 283 MB instead of at 326. In twice this room it would be 302 MB and 8 % less processor time; in half of
 * it a hub spends a sixth of its time on sweeping.
 * V8 lays the room out when it starts, so a process that began without the flag begins again in its own place; where the
 * system cannot do that, the room stays at its smallest.
 */
const ROOM = '--max-semi-space-size=2';

const here = dirname(fileURLToPath(import.meta.url));
const REQUIRED_MAJOR = 24;

if (Number(process.versions.node.split('.')[0]) >= REQUIRED_MAJOR) {
  if (['hub', 'store', 'up'].includes(process.argv[2]) && !process.execArgv.includes(ROOM))
    beginAgainIn(ROOM);
  // Types stripped once and kept: a start without loading the compiler that does it, which also saves its memory.
  nodeModule.enableCompileCache();
  // V8 that frees compiled WebAssembly in two threads at once (the database's, the solver's) can end the process with
  // "Check failed: jit_page_->allocations_.erase(addr) == 1"; what it would free is small. Set before anything compiles.
  setFlagsFromString('--no-wasm-code-gc');
  // The hub's embedded database has one function (PostgreSQL's interpreter of expressions) for which V8's optimizing
  // compiler takes 600 MB and three seconds. Without it the hub stays 500 MB smaller at its start and 60 MB afterwards, and
  // a query takes a fifth longer.
  if (process.argv[2] === 'hub')
    for (const flag of ['--liftoff-only', '--no-wasm-tier-up', '--no-wasm-dynamic-tiering'])
      setFlagsFromString(flag);
  const { run } = await import('./main.ts');
  await run(process.argv);
} else {
  const pinned = join(here, '../../node_modules/node/bin/node');
  if (!existsSync(pinned)) {
    process.stderr.write(
      `E_NODE: truecount needs Node ${REQUIRED_MAJOR} or its own pinned copy at ${pinned}; run "npm ci" in ${join(here, '../..')}\n`,
    );
    process.exit(1);
  }
  // Inlining makes V8's compiler of WebAssembly take some 40 MB that it does not give back, and the embedded database no
  // quicker. Set while a process runs, the flags end it as soon as a second thread compiles (the planner's solver).
  const lean = ['--no-wasm-inlining', '--no-wasm-inlining-call-indirect'];
  const child = spawn(pinned, [...lean, ROOM, fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: 'inherit',
  });
  // The child shares the terminal's process group and gets Ctrl-C itself; a signal sent to the launcher alone
  // is handed on, and the launcher stays until the child has shut down.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
    process.on(signal, () => {
      if (!process.stdin.isTTY || signal !== 'SIGINT') child.kill(signal);
    });
  child.on('exit', (code, signal) => {
    process.exitCode = signal ? 1 : (code ?? 1);
  });
}

/** Returns only where a process cannot be replaced: on Windows, inside Electron, and with a parent that talks to it. */
function beginAgainIn(flag) {
  const isReplaceable =
    process.platform !== 'win32' && process.versions.electron === undefined && process.send === undefined;
  if (isReplaceable && process.execve)
    process.execve(
      process.execPath,
      [process.execPath, flag, ...process.execArgv, ...process.argv.slice(1)],
      process.env,
    );
  setFlagsFromString('--semi-space-growth-factor=1');
}
