/** One training case: a situation, a question about it, and the answer that the procedures give. */
import {
  answerText,
  candidatesOf,
  cardTopics,
  compactPrompt,
  type Flag,
  type Procedure,
  type Situation,
  type Slot,
  type Topic,
} from '@truecount/device/guidance';
import { drawQuestion, type Subject } from './draw-question.ts';
import type { Names } from './expand.ts';
import { itWords, kindWords } from './questions/cards.ts';
import type { Random } from './random.ts';
import { claims, codeLeads, topicLeads } from './sentences.ts';

export interface Case {
  readonly prompt: string;
  readonly answer: string;
}

const about: Readonly<Record<string, string>> = {
  'pick-failed': 'order',
  'order-at-risk': 'order',
  'allocation-conflict': 'order',
  'receipt-mismatch': 'delivery',
  'late-inbound': 'delivery',
  'transfer-failed': 'transfer',
  'feed-silent': 'device',
  'model-drift': 'model',
};

/** Facts a card of any kind may hold, besides those its own claims name. */
const strayFacts: readonly Slot[] = [
  'product',
  'place',
  'record',
  'mean',
  'perday',
  'gone',
  'order',
  'other',
  'reserved',
];
const roles: readonly Situation['role'][] = [
  'associate',
  'associate',
  'associate',
  'manager',
  'manager',
  'back-office',
  'service',
  'it',
  'ops',
  'admin',
  'finance',
  'commerce',
  'supply-chain',
];
const NONE_SHARE = 0.2;
const OPEN_SHARE = 0.03;

export function makeCase(cards: readonly Procedure[], random: Random): Case {
  const procedure = random.pick(cards);
  const kind = random.pick(procedure.kinds);
  const facts = drawFacts(kind, random);
  const situation = {
    role: random.pick(roles),
    kind,
    flags: drawFlags(facts, random),
    facts: new Map(facts.map((slot) => [slot, slot === 'product' ? '<product>' : '#'])),
    ...(random.chance(0.7)
      ? {}
      : {
          options: new Set(
            random
              .shuffled([
                'count',
                'restock',
                'transfer',
                'reassign',
                'split',
                'substitute',
                'expedite',
                'delay',
                'quarantine',
                'adjust-record',
              ] as const)
              .slice(0, 6),
          ),
        }),
  } satisfies Omit<Situation, 'question'>;
  let candidates = candidatesOf(procedure, { ...situation, question: '' });
  // A retailer's own procedure may lack a section, or order them otherwise.
  if (random.chance(0.2))
    candidates = random.shuffled(candidates).slice(0, Math.max(3, candidates.length - 1));
  const asked = drawSubject(random);
  const question = asked.isOpen
    ? ''
    : drawQuestion(
        asked.subject,
        cardNames(kind, (slot) => facts.includes(slot)),
        random,
      );
  const chosen = candidates.find(({ section }) => section.topic === asked.subject);
  const topic: Topic = chosen === undefined || asked.subject === 'other' ? 'none' : asked.subject;
  const codes = chosen?.steps.map(({ code }) => code) ?? [];
  const say = topic === 'none' ? '' : sentence(topic, codes, kind, facts, random);
  return {
    prompt: compactPrompt(
      { ...situation, question },
      candidates.map(({ section, steps }) => ({
        topic: section.topic,
        codes: steps.map(({ code }) => code),
      })),
    ),
    answer: answerText(topic, codes, say),
  };
}

/** What the card is called in questions; a slot only where the card has it. */
export const cardNames = (kind: string, has: (slot: Slot) => boolean): Names => ({
  it: (itWords[about[kind] ?? 'product'] ?? []).filter(
    (word) => !word.startsWith('<') || slotsIn(word).every(has),
  ),
  kindword: kindWords[kind] ?? [],
});

function drawSubject(random: Random): { readonly subject: Subject; readonly isOpen: boolean } {
  if (random.chance(OPEN_SHARE)) return { subject: 'act', isOpen: true };
  if (random.chance(NONE_SHARE)) return { subject: random.chance(0.3) ? 'other' : 'none', isOpen: false };
  return { subject: random.pick(cardTopics), isOpen: false };
}

const slotsIn = (text: string): readonly Slot[] =>
  [...text.matchAll(/<([a-z]+)>/g)].map((found) => found[1] as Slot);

function drawFacts(kind: string, random: Random): readonly Slot[] {
  const claim = random.pick(claims[kind] ?? []);
  const drawn = new Set<Slot>(slotsIn(claim));
  if (random.chance(0.75) && kind !== 'feed-silent' && kind !== 'model-drift') drawn.add('product');
  for (const slot of strayFacts) if (random.chance(0.3)) drawn.add(slot);
  if (kind === 'feed-silent' || kind === 'model-drift') drawn.delete('product');
  return random.chance(0.5) ? random.shuffled([...drawn]) : [...drawn];
}

function drawFlags(facts: readonly Slot[], random: Random): ReadonlySet<Flag> {
  const flags = new Set<Flag>();
  if (random.chance(0.85)) flags.add(random.chance(0.5) ? 'sure' : 'unsure');
  if (random.chance(0.25)) flags.add('large');
  if (random.chance(0.2)) flags.add('offline');
  if (facts.includes('order')) flags.add('ordered');
  if (facts.includes('other') || random.chance(0.2)) flags.add('elsewhere');
  if (random.chance(0.2)) flags.add('late');
  return flags;
}

function sentence(
  topic: Exclude<Topic, 'none'>,
  codes: readonly string[],
  kind: string,
  facts: readonly Slot[],
  random: Random,
): string {
  const fits = (text: string): boolean => slotsIn(text).every((slot) => facts.includes(slot));
  const possible = (claims[kind] ?? []).filter(fits);
  // Richest first, so that the model learns to use what there is.
  const claim = possible[random.chance(0.8) ? 0 : Math.floor(random.next() * possible.length)] ?? '';
  const own = topic === 'act' ? (codeLeads[codes[0] ?? ''] ?? []) : [];
  const leads = (own.length > 0 ? own : topicLeads[topic]).filter(fits);
  const lead = leads[0] === undefined ? '' : random.pick(leads);
  return topic === 'customer' || topic === 'tell' ? lead : `${claim} ${lead}`.trim();
}
