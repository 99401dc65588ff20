/** Draws a question of one subject as somebody might ask it: a pattern, said before and after, in a voice. */
import type { Topic } from '@truecount/device/guidance';
import { expand, type Names } from './expand.ts';
import { act } from './questions/act.ts';
import { after, before } from './questions/around.ts';
import { customer } from './questions/customer.ts';
import { leave } from './questions/leave.ts';
import { lexicon } from './questions/lexicon.ts';
import { next } from './questions/next.ts';
import { none, noneNames } from './questions/none.ts';
import { other } from './questions/other.ts';
import { tell } from './questions/tell.ts';
import { why } from './questions/why.ts';
import type { Random } from './random.ts';
import { voiced } from './voices.ts';

/** What a question is about; `other`: a procedure that is not the open card's. */
export type Subject = Topic | 'other';

/** Beside a card, what is said of a customer is about the card. */
const aboutCustomers = /^customer-(?:complaint|is-it-there|order-late|sold-out)$/;

export const patterns: Readonly<Record<Subject, readonly string[]>> = {
  act,
  why,
  next,
  tell,
  customer,
  leave,
  other: Object.entries(other)
    .filter(([id]) => !aboutCustomers.test(id))
    .flatMap(([, list]) => list),
  none,
};

const everybody: Names = { ...lexicon, ...noneNames };
const BEFORE_SHARE = 0.25;
const SECOND_SHARE = 0.2;
const AFTER_SHARE = 0.2;

/** @param card what the card at hand is called: `it` and `kindword` */
export function drawQuestion(subject: Subject, card: Names, random: Random): string {
  const names: Names = { ...everybody, ...card };
  const say = (list: readonly string[]): string => expand(random.pick(list), random, names);
  const parts = [say(patterns[subject])];
  if (random.chance(BEFORE_SHARE)) {
    parts.unshift(say(before));
    if (random.chance(SECOND_SHARE)) parts.unshift(say(before));
  }
  if (random.chance(AFTER_SHARE)) parts.push(say(after));
  return voiced(parts.join(' '), random);
}
