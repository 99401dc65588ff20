/**
 * Writes questions alone with what they are about, one a line, `subject<tab>question`, for the table of words and
 * topics: cheaper than whole cases, so there are more of them.
 *
 *   node models/guide/corpus/make-questions.ts --out build/questions.tsv --count 400000 --seed 1
 */
import { createWriteStream, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { maskedQuestion } from '@truecount/device/guidance';
import { drawQuestion, patterns, type Subject } from './draw-question.ts';
import { cardNames } from './make-case.ts';
import { kindWords } from './questions/cards.ts';
import { randomFrom } from './random.ts';

const { values } = parseArgs({
  options: {
    out: { type: 'string', default: 'models/guide/build/questions.tsv' },
    count: { type: 'string', default: '400000' },
    seed: { type: 'string', default: '1' },
  },
});

const random = randomFrom(Number(values.seed));
const subjects = Object.keys(patterns) as readonly Subject[];
const kinds = Object.keys(kindWords);
// What nobody can answer is the widest subject of all: three times as many questions of it.
const shares = subjects.flatMap((subject) => (subject === 'none' ? [subject, subject, subject] : [subject]));
mkdirSync(dirname(values.out), { recursive: true });
const out = createWriteStream(values.out);
for (let made = 0; made < Number(values.count); made += 1) {
  const subject = random.pick(shares);
  const names = cardNames(random.pick(kinds), () => random.chance(0.8));
  const question = maskedQuestion({
    question: drawQuestion(subject, names, random),
    facts: new Map([['product', '<product>']]),
  });
  out.write(`${subject}\t${question}\n`);
}
out.end();
