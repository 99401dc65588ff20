import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';

const MODULE = new URL('./until-stopped.ts', import.meta.url).href;
const PROGRAM = `
  const { untilStopped } = await import(${JSON.stringify(MODULE)});
  const stopped = untilStopped(true);
  console.log('waiting');
  await stopped;
  console.log('stopped');
`;

let child: ChildProcess | undefined;
afterEach(() => {
  child?.kill('SIGKILL');
});

async function started(): Promise<ChildProcess> {
  child = spawn(process.execPath, ['--input-type=module', '-e', PROGRAM], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  if (!child.stdout) throw new Error('the child has no output');
  await once(child.stdout, 'data');
  return child;
}

describe('a program that another one started', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('ends at %s, although its input is still open', async (signal) => {
    const program = await started();
    program.kill(signal);
    expect(await once(program, 'exit')).toEqual([0, null]);
  });

  it('ends when its input does', async () => {
    const program = await started();
    program.stdin?.end();
    expect(await once(program, 'exit')).toEqual([0, null]);
  });
});
