/** What a card of each kind is about, in loose words. */
export const kindWords: Readonly<Record<string, readonly string[]>> = {
  'phantom-stock': [
    'phantom stock',
    'a wrong record',
    'ghost stock',
    'the missing product',
    'stock that is not there',
  ],
  'hidden-stock': [
    'hidden stock',
    'extra units',
    'more than on record',
    'stock we did not know of',
    'a low record',
  ],
  'negative-record': ['a negative record', 'minus stock', 'a record below zero', 'the negative number'],
  'shelf-gap': ['a shelf gap', 'the gap', 'an empty facing', 'the hole in the shelf', 'the empty place'],
  'stockout-ahead': ['a stock-out ahead', 'running out', 'it running low', 'a product that will run out'],
  'pick-failed': ['a failed pick', 'the short pick', 'the missing item', 'an incomplete order'],
  'receipt-mismatch': ['a short delivery', 'the wrong delivery', 'a delivery mismatch', 'the missing carton'],
  'return-unreconciled': [
    'an open return',
    'the unmatched return',
    'a return that does not match',
    'the refund',
  ],
  'reservation-mismatch': [
    'a reservation mismatch',
    'too many reservations',
    'the orphan reservation',
    'reserved units',
  ],
  'allocation-conflict': [
    'a double promise',
    'two orders on one unit',
    'the allocation conflict',
    'the clash',
  ],
  'oversell-risk': ['an oversell risk', 'overselling', 'too much online', 'the published quantity'],
  'late-inbound': ['a late delivery', 'the late truck', 'a delayed shipment', 'the slipped delivery'],
  'order-at-risk': ['an order at risk', 'a late order', 'the urgent order', 'a promise in danger'],
  'transfer-failed': [
    'a failed transfer',
    'the missing parcel',
    'a short transfer',
    'the transfer that went wrong',
  ],
  'feed-silent': ['a silent feed', 'the silent till', 'a dead scanner', 'the missing receipts'],
  'model-drift': ['model drift', 'a drifting model', 'wrong estimates', 'the calibration alarm'],
};

export const itWords: Readonly<Record<string, readonly string[]>> = {
  product: ['<product>', 'it', 'this product', 'the product', 'this item', 'that article', 'the stuff'],
  order: ['the order', 'this order', 'it', '<product>', 'the customer order'],
  delivery: ['the delivery', 'it', 'the truck', 'this delivery', 'the pallet', '<product>'],
  device: ['the till', 'the scanner', '<feed>', 'it', 'this device'],
  transfer: ['the transfer', 'the parcel', 'it', '<product>'],
  model: ['the model', 'it', 'the forecast', 'the estimate'],
};
