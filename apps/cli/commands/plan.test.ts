import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { planCommand } from './plan.ts';

const problem = {
  stores: [{ id: 'a' }, { id: 'b' }],
  lanes: [{ from: 'a', to: 'b', fixed: 2, perUnit: 0.5, hours: 4 }],
  positions: [
    { store: 'a', sku: 'oat-1l', mean: 9, p0: 0.02, rate: 1, reserved: 0, coverDays: 3, margin: 1.2 },
  ],
  needs: [{ store: 'b', sku: 'oat-1l', qty: 2, value: 6, dueHours: 24, order: 'O-17' }],
  policy: { alpha: 0.1 },
};

async function run(content: string) {
  const file = join(mkdtempSync(join(tmpdir(), 'plan-')), 'problem.json');
  writeFileSync(file, content);
  const out: string[] = [];
  const err: string[] = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => out.push(String(text)) > 0);
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => err.push(String(text)) > 0);
  await planCommand().parseAsync(['node', 'plan', file]);
  vi.restoreAllMocks();
  const status = process.exitCode;
  process.exitCode = 0;
  return { out: out.join(''), err: err.join(''), status };
}

describe('truecount plan', () => {
  afterEach(() => {
    vi.restoreAllMocks();
    process.exitCode = 0;
  });

  it('prints the plan as one JSON object', async () => {
    const { out, err } = await run(JSON.stringify(problem));
    expect(err).toBe('');
    const plan = JSON.parse(out) as { moves: { qty: number; because: string }[]; gap: number };
    expect(plan.moves).toHaveLength(1);
    expect(plan.moves[0]?.qty).toBe(2);
    expect(plan.moves[0]?.because).toMatch(/order O-17/);
    expect(plan.gap).toBe(0);
  });

  it.each([
    ['not json', /^plan-invalid: .*not JSON/],
    [
      JSON.stringify({ ...problem, needs: [{ ...problem.needs[0], store: 'c' }] }),
      /^plan-unknown-store: .*"c"/,
    ],
  ])('names what is wrong in one line (%#)', async (content, line) => {
    const { out, err, status } = await run(content);
    expect(out).toBe('');
    expect(err.trim().split('\n')).toHaveLength(1);
    expect(err).toMatch(line);
    expect(status).toBe(1);
  });
});
