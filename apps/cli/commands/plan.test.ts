import { describe, expect, it } from 'vitest';
import { type Run, runTruecount } from './run-truecount.fixture.ts';

const problem = {
  stores: [{ id: 'a' }, { id: 'b' }],
  lanes: [{ from: 'a', to: 'b', fixed: 2, perUnit: 0.5, hours: 4 }],
  positions: [
    { store: 'a', sku: 'oat-1l', mean: 9, p0: 0.02, rate: 1, reserved: 0, coverDays: 3, margin: 1.2 },
  ],
  needs: [{ store: 'b', sku: 'oat-1l', qty: 2, value: 6, dueHours: 24, order: 'O-17' }],
  policy: { alpha: 0.1 },
};

const plan = (content: string): Promise<Run> => runTruecount(['plan', '-'], content);

describe('truecount plan', () => {
  it('prints the plan as one JSON object', async () => {
    const { stdout, stderr } = await plan(JSON.stringify(problem));
    expect(stderr).toBe('');
    const { moves, gap } = JSON.parse(stdout) as { moves: { qty: number; because: string }[]; gap: number };
    expect(moves).toHaveLength(1);
    expect(moves[0]?.qty).toBe(2);
    expect(moves[0]?.because).toMatch(/order O-17/);
    expect(gap).toBe(0);
  });

  it.each([
    ['not json', /^plan-invalid: .*not JSON/],
    [
      JSON.stringify({ ...problem, needs: [{ ...problem.needs[0], store: 'c' }] }),
      /^plan-unknown-store: .*"c"/,
    ],
  ])('names what is wrong in one line (%#)', async (content, line) => {
    const { stdout, stderr, status } = await plan(content);
    expect(stdout).toBe('');
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).toMatch(line);
    expect(status).toBe(1);
  });

  it('says which file is not there', async () => {
    expect(await runTruecount(['plan', '/no/such.json'])).toEqual({
      status: 1,
      stdout: '',
      stderr: 'E_NO_FILE: there is no file /no/such.json\n',
    });
  });
});
