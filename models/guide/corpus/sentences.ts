/** What is said: a claim made of facts this card has, and a sentence that leads to the first step. */
import type { CardTopic } from '@truecount/device/guidance';

/** By kind; a claim is possible when the situation has all slots it names. The last of each kind needs none. */
export const claims: Readonly<Record<string, readonly string[]>> = {
  'phantom-stock': [
    'The record says <record>, and it is <gone> sure that none is left.',
    'There are <record> of <product> on record, but none was sold for <hours> hours.',
    'For <hours> hours nobody bought <product>, which usually sells <perday> a day.',
    'The camera sees <facings> of <capacity> facings filled while the record says <record>.',
    'The record says <record>, we believe about <mean>.',
    'The record of <product> is doubted.',
    'The record is doubted.',
  ],
  'hidden-stock': [
    'About <mean> are believed in the store while the record says <record>.',
    'The record says <record>, yet more of <product> should be here.',
    'More of <product> should be here than the record says.',
    'More should be here than the record says.',
  ],
  'negative-record': [
    'The record of <product> says <record>, which cannot be.',
    'The record says <record>, which cannot be.',
    'The record of <product> is below nothing.',
    'The record is below nothing.',
  ],
  'shelf-gap': [
    'The camera sees <facings> of <capacity> facings of <product> filled.',
    'The camera sees <facings> of <capacity> facings filled, and about <mean> are believed in the store.',
    'The place of <product> is not full while units should be in the back.',
    'The place is not full while units should be in the back.',
  ],
  'stockout-ahead': [
    'The chance that <product> runs out within <days> days is <chance>.',
    'It is <chance> sure to run out within <days> days.',
    'It sells <perday> a day and we believe about <mean> are left.',
    'We believe about <mean> of <product> are left.',
    'This will not last until the next delivery.',
  ],
  'pick-failed': [
    'The order wanted <wanted> of <product>, and <found> were found.',
    'The order wanted <wanted>, only <found> were found.',
    'Order <order> is short of <product>.',
    'Order <order> is short.',
    'The pick came short.',
  ],
  'receipt-mismatch': [
    'The paper announced <announced> of <product>, and <received> came.',
    'The paper announced <announced>, and <received> were counted.',
    'The delivery of <product> is not what the paper says.',
    'The delivery is not what the paper says.',
  ],
  'return-unreconciled': [
    'The return of <product> is known in one channel only.',
    'The return for order <order> is known in one channel only.',
    'The return is known in one channel only.',
  ],
  'reservation-mismatch': [
    'There are <reserved> reserved while we believe about <mean> in the store.',
    'There are <reserved> of <product> reserved, more than the store can keep.',
    'Reservations of <product> and orders do not agree.',
    'Reservations and orders do not agree.',
  ],
  'allocation-conflict': [
    'Two promises stand on the same units of <product>.',
    'Order <order> and another one want the same units.',
    'Two promises stand on the same units.',
  ],
  'oversell-risk': [
    'There are <published> of <product> offered, and <promisable> can be promised.',
    'There are <published> offered while only <promisable> can be promised.',
    'More of <product> is offered than can be promised.',
    'More is offered than can be promised.',
  ],
  'late-inbound': [
    'The delivery of <product> is <late> hours behind.',
    'The delivery is <late> hours behind and promises hang on it.',
    'The delivery of <product> is late and promises hang on it.',
    'The delivery is late and promises hang on it.',
  ],
  'order-at-risk': [
    'Order <order> may not be ready in time.',
    'The order with <product> may not be ready in time.',
    'The promise may not be kept in time.',
  ],
  'transfer-failed': [
    'The transfer announced <announced>, and <received> came.',
    'The transfer of <product> from <other> did not end as planned.',
    'The transfer of <product> did not end as planned.',
    'The transfer did not end as planned.',
  ],
  'feed-silent': [
    'Nothing was heard from <feed> for <minutes> minutes.',
    'There are <missing> tickets missing from <feed>.',
    'Something is wrong with <feed>.',
    'A device of the store is not heard.',
  ],
  'model-drift': [
    'What was predicted and what was counted no longer agree.',
    'The estimates left their band.',
  ],
};

/** By the first step's code; what is not named here uses its topic's. */
export const codeLeads: Readonly<Record<string, readonly string[]>> = {
  'count-blind': ['Count it before anything else.', 'Count first, without looking at the record.'],
  'find-units': ['Look for the units first, then count.'],
  'fetch-backroom': ['Fetch it from the back and fill the place.'],
  'confirm-count': ['Count first so that no needless transfer is made.'],
  'request-transfer': ['Take the proposed transfer from <other>.', 'Look at the proposed transfer.'],
  'ask-manager-transfer': ['Ask the manager to look at the proposed transfer.'],
  'expedite-delivery': ['Ask for the delivery to come earlier.'],
  'set-aside-order': ['Put the promised units aside.'],
  'search-again': ['Search once more before you change anything.'],
  'recount-delivery': ['Count the delivery again with a second person.'],
  'find-return-goods': ['Find the goods first.'],
  'check-set-aside': ['Compare what is set aside with the open orders.'],
  'hold-units': ['Hold the units until it is decided.'],
  'lower-published': ['Lower what is offered first.'],
  'list-promises': ['See first which promises need it.'],
  'take-best-option': ['Take the best option while there is time.'],
  'recount-parcel': ['Count what is there, with a second person.'],
  'check-power': ['Check power and cable first.'],
  'demote-tier': ['Let the system only recommend for now.'],
  'check-feeds': ['Check the feeds first.'],
};

export const topicLeads: Readonly<Record<CardTopic, readonly string[]>> = {
  act: ['Take these steps in order.', 'Start with the first step.'],
  why: ['The evidence is on the card.', 'This is why it is shown.'],
  next: ['Finish it with these steps.', 'This is what comes after.'],
  tell: ['These people decide.', 'Tell the people named here.'],
  customer: ['Say what is sure and promise nothing else.', 'Be plain with the customer.'],
  leave: ['Leaving it has a price.', 'It is not closed by hand.'],
};
