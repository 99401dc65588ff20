/** A decoder whose scans also count as sightings: an associate who scans a unit has seen it. */
import type { Decoder, FeedEvent, SkuLookup } from './events.ts';

export function withSightings(decoder: Decoder, skuOf: SkuLookup, now: () => number): Decoder {
  const add = (events: readonly FeedEvent[]): readonly FeedEvent[] =>
    events.flatMap((event): readonly FeedEvent[] => {
      if (event.type !== 'scan' || event.gtin === undefined) return [event];
      const sku = skuOf({ gtin: event.gtin, code: event.gtin });
      if (sku === undefined) return [event];
      const t = new Date(now()).toISOString();
      return [
        event,
        { type: 'observation', observation: { type: 'seen', t, sku }, source: `scan of ${event.gtin}` },
      ];
    });
  return {
    push: (bytes) => add(decoder.push(bytes)),
    idle: () => add(decoder.idle()),
    end: () => add(decoder.end()),
    tally: () => decoder.tally(),
  };
}
