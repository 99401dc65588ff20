import { describe, expect, test } from 'vitest';
import { keysOf } from '../api/live.ts';
import { netOf } from '../approve/net-value.ts';
import { isOver, nextStep, stepState } from '../transfers/stages.ts';
import { IDLE_LOCK_MS, IDLE_WARNING_MS, idleAfter } from './idle.ts';
import { standingOf } from './standing.ts';

const sync = { online: true, since: '2026-03-03T09:00:00.000Z', waiting: 0, quarantined: 0 };

describe('standing with the hub', () => {
  test('an outage is said before what is waiting, a refusal before an outage', () => {
    expect(standingOf(sync, false)).toBe('connected');
    expect(standingOf({ ...sync, waiting: 3 }, false)).toBe('sending');
    expect(standingOf({ ...sync, online: false, waiting: 3 }, false)).toBe('outage');
    expect(standingOf({ ...sync, online: false, fenced: 'call IT' }, false)).toBe('fenced');
    expect(standingOf(undefined, true)).toBe('agent-away');
  });
});

describe('idle manager session', () => {
  test('warns in its last seconds and then locks', () => {
    expect(idleAfter(0)).toEqual({ kind: 'active' });
    expect(idleAfter(IDLE_LOCK_MS - IDLE_WARNING_MS)).toEqual({ kind: 'warning', secondsLeft: 15 });
    expect(idleAfter(IDLE_LOCK_MS - 1)).toEqual({ kind: 'warning', secondsLeft: 1 });
    expect(idleAfter(IDLE_LOCK_MS)).toEqual({ kind: 'lock' });
  });
});

describe('transfers', () => {
  test('steps before the stage are done, the stage is current, the rest lies ahead', () => {
    expect(stepState('approved', 'shipped')).toBe('done');
    expect(stepState('shipped', 'shipped')).toBe('current');
    expect(stepState('received', 'shipped')).toBe('ahead');
    expect(stepState('closed', 'closed')).toBe('done');
  });

  test('one that was declined, refused or expired is over and got no further than its proposal', () => {
    expect((['declined', 'refused', 'expired', 'closed'] as const).every(isOver)).toBe(true);
    expect(stepState('approved', 'declined')).toBe('ahead');
  });

  test('only steps that this screen knows are offered', () => {
    expect(nextStep(['picked'])).toBe('picked');
    expect(nextStep(['weigh'])).toBeUndefined();
  });

  test('what is left over is the gain less the cost and the donor’s loss', () => {
    const euro = (minor: number) => ({ minor, currency: 'EUR' });
    expect(netOf({ value: euro(4120), cost: euro(450), donorLoss: euro(310) })).toEqual(euro(3360));
  });
});

describe('change stream', () => {
  test('an event names what is fetched again; what is not understood changes nothing', () => {
    expect([...keysOf({ topics: ['transfers'] })]).toEqual(['transfers', 'now']);
    expect(keysOf({ topics: ['from-a-newer-agent'] }).size).toBe(0);
    expect(keysOf('half a li').size).toBe(0);
  });
});
