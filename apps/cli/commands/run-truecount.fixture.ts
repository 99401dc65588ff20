/** Runs the executable as a person would: another process, its streams and its exit status. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const EXECUTABLE = fileURLToPath(new URL('../truecount.mjs', import.meta.url));

export interface Run {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export function runTruecount(args: readonly string[], input: Uint8Array | string = ''): Promise<Run> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [EXECUTABLE, ...args], { stdio: 'pipe' });
    const out = { stdout: '', stderr: '' };
    child.stdout.on('data', (chunk: Buffer) => (out.stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (out.stderr += chunk.toString()));
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, ...out }));
    // A command that refuses its arguments does not read its input.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}
