/** Observations as evidence that screens can say. */
import { evidence, type Evidence, type Observation } from '@truecount/protocol';

/** Undefined for what tells nobody anything: master data and markers. */
export function heardFact(observation: Observation): Evidence | undefined {
  const { t } = observation;
  switch (observation.type) {
    case 'sale':
      return observation.qty < 0
        ? evidence('voided', { qty: -observation.qty }, t)
        : evidence('sold', { qty: observation.qty }, t);
    case 'return':
      return evidence('returned', { qty: observation.qty }, t);
    case 'receipt':
      return observation.qty === undefined
        ? evidence('delivered-unknown', {}, t)
        : evidence('delivered', { qty: observation.qty }, t);
    case 'transfer':
      return observation.qty < 0
        ? evidence('moved-out', { qty: -observation.qty }, t)
        : evidence('moved-in', { qty: observation.qty }, t);
    case 'count':
      return evidence('counted', { qty: observation.qty }, t);
    case 'record':
      return evidence('record-set', { qty: observation.qty }, t);
    case 'shelf':
      return evidence('shelf-view', { facings: observation.facings, capacity: observation.capacity }, t);
    case 'pick':
      return observation.found < observation.requested
        ? evidence('pick-short', { requested: observation.requested, found: observation.found }, t)
        : evidence('picked', { requested: observation.requested, found: observation.found }, t);
    case 'waste':
      return evidence('wasted', { qty: observation.qty }, t);
    case 'seen':
      return evidence('seen', {}, t);
    case 'catalog':
    case 'open':
    case 'close':
    case 'checkpoint':
      return undefined;
    default:
      return observation satisfies never;
  }
}
