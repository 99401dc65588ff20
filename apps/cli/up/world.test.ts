import { describe, expect, it } from 'vitest';
import { readRecording } from './recording.ts';
import { demoStores, mishaps } from './scenario.ts';
import { StoreWorld, type WorldEvent } from './world.ts';

const recording = readRecording();
const [harbour] = demoStores;
if (!harbour) throw new Error('the demo has no store');
const at = (text: string) => Date.parse(`${text}:00.000Z`);

const unitsSold = (events: readonly WorldEvent[], sku: string) =>
  events
    .flatMap((event) => (event.kind === 'ticket' ? event.lines : []))
    .filter((line) => line.sku === sku)
    .reduce((sum, line) => sum + line.qty, 0);

describe("the demo's world", () => {
  it('sells exactly the recorded units while stock lasts', () => {
    const world = new StoreWorld(harbour, recording, []);
    world.advance(at('2024-04-01T07:00'));
    const sold = unitsSold(world.advance(at('2024-04-01T22:00')), 'eggs-10');
    const recorded = recording.units('2024-04-01', 'harbour', 'eggs-10').slice(7, 22);
    expect(sold).toBe(recorded.reduce((sum, units) => sum + units, 0));
  });

  it('falls silent after a loss while the record still claims stock', () => {
    const world = new StoreWorld(harbour, recording, mishaps);
    world.advance(at('2024-04-24T15:00'));
    expect(unitsSold(world.advance(at('2024-04-25T22:00')), 'eggs-10')).toBe(0);
    expect(world.physical('eggs-10')).toBe(0);
    expect(world.state.record['eggs-10']).toBeGreaterThan(0);
  });

  it('sells again what a transfer brought', () => {
    const world = new StoreWorld(harbour, recording, mishaps);
    world.advance(at('2024-04-25T09:00'));
    world.move('eggs-10', 5);
    expect(unitsSold(world.advance(at('2024-04-25T22:00')), 'eggs-10')).toBe(5);
  });

  it('gives the same events in one step, in many, and after being stored in between', () => {
    const once = new StoreWorld(harbour, recording, mishaps).advance(at('2024-04-26T12:00'));
    let world = new StoreWorld(harbour, recording, mishaps);
    const pieces: WorldEvent[] = [];
    for (const until of ['2024-04-03T10:30', '2024-04-24T15:00', '2024-04-26T12:00']) {
      pieces.push(...world.advance(at(until)));
      world = new StoreWorld(harbour, recording, mishaps, structuredClone(world.state));
    }
    expect(pieces).toEqual(once);
  });

  it('numbers its tickets without a gap', () => {
    const events = new StoreWorld(harbour, recording, mishaps).advance(at('2024-04-05T00:00'));
    const numbers = events.flatMap((event) => (event.kind === 'ticket' ? [event.number] : []));
    expect(numbers).toEqual(numbers.map((_, index) => 1001 + index));
  });
});
