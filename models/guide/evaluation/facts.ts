/** Whether every number of an answer stands in its context, as it is or as a share of one. */
import type { GuideContext } from '@truecount/device/guidance';
import type { Advice } from '@truecount/protocol';

const numbersIn = (text: string): readonly number[] => (text.match(/\d+(?:\.\d+)?/g) ?? []).map(Number);

export function everyFactIsGiven(advice: Pick<Advice, 'answer'>, context: GuideContext): boolean {
  const given = numbersIn(JSON.stringify(context));
  return numbersIn(advice.answer).every((said) =>
    given.some((value) => [value, Math.round(value * 10) / 10, Math.round(value * 1000) / 10].includes(said)),
  );
}
