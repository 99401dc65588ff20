/**
 * Slots: the only way a value reaches a generated sentence. The model writes `<record>`; code puts the value of
 * this context in its place. Each slot names where its value may stand in a context, nearest first: a path of
 * keys, compared without case, `_` and `-`. A path of one key is looked for at every depth, outermost first.
 */
export interface SlotRule {
  readonly paths: readonly string[];
  /** What the sentence around it must speak of, so that a right number is not told of the wrong thing. */
  readonly cue: RegExp;
  readonly format: 'text' | 'number' | 'percent';
}

const text = (paths: readonly string[], cue: RegExp): SlotRule => ({ paths, cue, format: 'text' });
const number = (paths: readonly string[], cue: RegExp): SlotRule => ({ paths, cue, format: 'number' });
const percent = (paths: readonly string[], cue: RegExp): SlotRule => ({ paths, cue, format: 'percent' });
const anywhere = /./;

export const slotRules = {
  product: text(
    [
      'product.name',
      'exception.name',
      'item.name',
      'exception.product.name',
      'productName',
      'product',
      'item',
      'name',
      'sku',
    ],
    anywhere,
  ),
  place: text(['place', 'location', 'aisle', 'shelf', 'bay'], /\b(at|in|place)\b/),
  record: number(
    [
      'record-says.qty',
      'record-negative.qty',
      'believed-more.record',
      'record',
      'onRecord',
      'recordQty',
      'systemQty',
      'onHand',
      'bookStock',
    ],
    /\brecord\b/,
  ),
  mean: number(
    ['believed-more.mean', 'mean', 'believed', 'expectedOnHand', 'believedMean'],
    /\b(believe|believed|expect|likely)\b/,
  ),
  gone: percent(['believed-gone.percent', 'p0', 'probabilityGone'], /\b(sure|chance|likely)\b/),
  hours: number(['no-sale.hours', 'hoursSinceSale', 'noSaleHours', 'hours'], /\bhours\b/),
  perday: number(
    ['no-sale.perDay', 'sells.perDay', 'rate', 'perDay', 'ratePerDay', 'salesPerDay'],
    /\bday\b/,
  ),
  chance: percent(
    ['runs-out.percent', 'lasts.percent', 'chance', 'probabilityOut', 'stockoutProbability'],
    /\b(chance|sure|likely)\b/,
  ),
  days: number(['runs-out.days', 'lasts.days', 'coverDays', 'days'], /\bdays\b/),
  wanted: number(
    ['pick-short.requested', 'picked.requested', 'requested', 'wanted', 'orderQty'],
    /\bwanted\b/,
  ),
  found: number(['pick-short.found', 'picked.found', 'found'], /\bfound\b/),
  facings: number(['shelf-view.facings', 'facings', 'facingsSeen'], /\b(sees|seen|filled)\b/),
  capacity: number(['shelf-view.capacity', 'capacity', 'facingsPlanned'], /\b(of|planned)\b/),
  feed: text(
    [
      'exception.feed',
      'feed-silent.feed',
      'feed-garbled.feed',
      'feed-down.feed',
      'ticket-gap.feed',
      'feed',
      'device',
      'till',
    ],
    anywhere,
  ),
  minutes: number(['feed-silent.minutes', 'feed-down.minutes', 'minutes', 'silentMinutes'], /\bminutes\b/),
  missing: number(['ticket-gap.missing', 'missing', 'ticketsMissing'], /\b(missing|lack|lacking)\b/),
  announced: number(
    ['announced', 'noticeQty', 'notified', 'expected', 'expectedQty', 'onPaper'],
    /\b(announced|paper|note)\b/,
  ),
  received: number(
    ['received', 'receivedQty', 'counted.qty', 'delivered.qty', 'delivered'],
    /\b(came|counted|received)\b/,
  ),
  reserved: number(['reserved', 'reservedQty', 'reservations'], /\breserved\b/),
  published: number(['published', 'publishedQty', 'offered'], /\b(offered|published)\b/),
  promisable: number(['atp', 'promisable', 'availableToPromise'], /\bpromised?\b/),
  order: text(['order.id', 'exception.order', 'orderId', 'order'], /\border\b/),
  other: text(
    ['donor.name', 'donor', 'alternative.store', 'elsewhere.store', 'elsewhere.name', 'otherStore', 'from'],
    /\b(store|from|at|in)\b/,
  ),
  late: number(['hoursLate', 'lateHours', 'slippedHours', 'delayHours', 'late'], /\bhours\b/),
} as const satisfies Readonly<Record<string, SlotRule>>;

export type Slot = keyof typeof slotRules;
export const slots = Object.keys(slotRules) as readonly Slot[];
