import { describe, expect, it } from 'vitest';
import { TicketSequence } from './ticket-sequence.ts';

describe('ticket numbers', () => {
  it('that come late, again or from the start are no gap', () => {
    const sequence = new TicketSequence();
    const seen = ['5', '6', '6', '9', '7', '10', '9999', '10000', '1', '2'].map(
      (ticket) => sequence.see('1', ticket)?.missing,
    );
    expect(new TicketSequence().see('1', '3', '2026-03-01')).toBeUndefined();
    expect(seen).toEqual([
      undefined,
      undefined,
      undefined,
      2,
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('that start over each day are judged by the day', () => {
    const sequence = new TicketSequence();
    const see = (ticket: string, day: string) => sequence.see('1', ticket, day)?.missing;
    expect([see('8', 'mon'), see('9', 'mon'), see('1', 'tue'), see('2', 'tue'), see('3', 'wed')]).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
      2,
    ]);
  });
});
