/**
 * Contexts in many layouts around a question, with what is right for each: the steps that the procedures give for
 * the kind, topic and state. Products, places, amounts and layouts are not those of training, which has none.
 */
import {
  candidatesOf,
  type CardTopic,
  cardTopics,
  type GuideContext,
  parseGuideContext as parseContext,
  type Procedure,
  situationOf,
} from '@truecount/device/guidance';
import type { Random } from '../corpus/random.ts';

export interface EvaluationCase {
  readonly context: GuideContext;
  readonly topic: CardTopic;
  /** Step ids in order. */
  readonly right: readonly string[];
}

const products = [
  'Röstkaffee Crema 500 g',
  'Kids rain boots 31',
  'AA batteries 8-pack',
  'Basil in a pot',
  'Oat drink barista',
  'Cordless drill 18V',
  'Merino jumper M navy',
  'Dishwasher tabs 60',
  'Wild salmon 125 g',
  'Notebook A5 dotted',
  'Lego fire engine',
  'Shampoo "Silk & Shine"',
];
const places = ['aisle 4 bay 2', 'A12-3', 'fresh island 1', 'window left', 'aisle 11'];
const stores = ['berlin-mitte', 'Leeds North', 'Store 17'];

export function evaluationCase(
  cards: readonly Procedure[],
  wordings: Readonly<Record<CardTopic, readonly string[]>>,
  random: Random,
): EvaluationCase {
  const at = Math.floor(random.next() * 1e9);
  for (let tries = 0; ; tries += 1) {
    const procedure = random.pick(cards);
    const kind = random.pick(procedure.kinds);
    const topic = cardTopics[(at + tries) % cardTopics.length] ?? 'act';
    const product = random.pick(products);
    const question = random
      .pick(wordings[topic])
      .replaceAll('<product>', /feed|drift/.test(kind) ? 'it' : product);
    const context = layOut(kind, product, question, random);
    const situation = situationOf(context);
    const section = candidatesOf(procedure, situation).find((one) => one.section.topic === topic);
    // This reader has nothing to read about that; such cases count among the unanswerable ones.
    if (section === undefined) continue;
    return { context, topic, right: section.steps.map(({ id }) => id) };
  }
}

/** A context in one of four layouts; what a reader of contexts does not know by name it has to find. */
export function layOut(kind: string, product: string, question: string, random: Random): GuideContext {
  const parsed = parseContext(drawLayout(kind, product, question, random));
  if (!parsed.ok) throw new Error(`a drawn context is none: ${parsed.problem}`);
  return parsed.value;
}

function drawLayout(kind: string, product: string, question: string, random: Random): unknown {
  const number = (most: number): number => Math.floor(random.next() * most);
  const evidence = random
    .shuffled([
      {
        code: 'record-says',
        params: { qty: 1 + number(40) },
        at: '2026-03-02T09:14:03.120Z',
        text: 'on record',
      },
      {
        code: 'no-sale',
        params: { hours: 5 + number(90), perDay: 1 + number(20) },
        at: '2026-03-02T09:14:03.120Z',
        text: 'no sale',
      },
      {
        code: 'shelf-view',
        params: { facings: number(3), capacity: 3 + number(6) },
        at: '2026-03-02T09:14:03.120Z',
        text: 'shelf',
      },
      {
        code: 'pick-short',
        params: { requested: 2 + number(5), found: number(2) },
        at: '2026-03-02T09:14:03.120Z',
        text: 'pick',
      },
      {
        code: 'runs-out',
        params: { percent: 60 + number(39), days: 1 + number(5) },
        at: '2026-03-02T09:14:03.120Z',
        text: 'runs out',
      },
      {
        code: 'feed-silent',
        params: { feed: 'till-2', minutes: 10 + number(200) },
        at: '2026-03-02T09:14:03.120Z',
        text: 'silent',
      },
    ])
    .slice(0, 1 + number(3));
  const role = random.pick([undefined, 'associate', 'associate', 'manager', 'ops', 'admin']);
  const confidence = Math.round((0.5 + random.next() / 2) * 100) / 100;
  const exposure = { minor: number(40_000), currency: 'EUR' };
  const common = {
    question,
    ...(role === undefined ? {} : { role }),
    ...(random.chance(0.2) ? { online: false } : {}),
  };
  const elsewhere = random.chance(0.3) ? { donor: { name: random.pick(stores), confidence: 0.97 } } : {};
  switch (number(4)) {
    case 0:
      return {
        ...common,
        exception: {
          kind,
          sku: `SKU-${number(9999)}`,
          name: product,
          confidence,
          exposure,
          evidence,
          ...(random.chance(0.3) ? { order: `O-${number(9999)}` } : {}),
        },
        place: random.pick(places),
        ...elsewhere,
      };
    case 1:
      return {
        ...common,
        kind,
        product: { sku: `${number(99_999)}`, name: product, place: random.pick(places) },
        belief: {
          record: number(50),
          mean: number(500) / 100,
          confidence: 1 - confidence,
          p0: confidence,
          rate: number(80) / 10,
        },
        ...elsewhere,
      };
    case 2:
      return {
        case: {
          exceptionKind: kind,
          confidence,
          atStake: number(300),
          facts: evidence,
          reserved: number(9),
          published: number(30),
        },
        item: { name: product, location: random.pick(places) },
        ...elsewhere,
        ...common,
      };
    default:
      return {
        store: { id: 'leeds-1', name: random.pick(stores) },
        exception: {
          evidence,
          confidence,
          kind: kind.replaceAll('-', '_').toUpperCase(),
          product: { name: product, gtin: '04012345678901' },
        },
        ...common,
        position: { onHand: number(20), mean: number(90) / 10 },
        sync: { online: true, waiting: number(4) },
      };
  }
}
