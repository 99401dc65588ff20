/** Why a transfer is proposed and what follows without it, in the reader's language where the hub sent facts. */
import type { Transfer } from '@truecount/protocol';
import type { Words } from '../words/use-words.ts';

const sentence = (text: string): string => `${text.replace(/[.\s]+$/, '')}.`;

export const becauseOf = ({ why, because }: Transfer, { evidence }: Words): string =>
  why === undefined || why.length === 0 ? because : why.map((fact) => sentence(evidence(fact))).join(' ');

export const otherwiseOf = ({ ifNot, otherwise }: Transfer, { evidence }: Words): string =>
  ifNot === undefined ? otherwise : sentence(evidence(ifNot));
