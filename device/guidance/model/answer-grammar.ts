/**
 * The grammar of one request (GBNF, llama.cpp's grammars/README.md): a topic that has candidates, a non-empty
 * run of its step codes in the procedure's order, a sentence without digits whose slots this context fills.
 * Whatever the model is, nothing else can come out of it.
 */
import type { Slot } from '../situation/slots.ts';

export interface GrammarTopic {
  readonly topic: string;
  readonly codes: readonly string[];
}

const MOST_WORDS = 48;
const LONGEST_WORD = 18;

const quoted = (text: string): string => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;

export function answerGrammar(
  topics: readonly GrammarTopic[],
  slots: Iterable<Slot>,
  mayAbstain = true,
): string {
  const rules: string[] = [];
  const roots = mayAbstain ? ['none'] : [];
  if (mayAbstain) rules.push(`none ::= ${quoted('{"topic":"none","do":[],"say":""}')}`);
  for (const [at, { topic, codes }] of topics.entries()) {
    roots.push(`topic${at}`);
    rules.push(
      `topic${at} ::= ${quoted(`{"topic":${JSON.stringify(topic)},"do":[`)} steps${at}x0 ${quoted('],"say":"')} say ${quoted('"}')}`,
    );
    for (const [place, code] of codes.entries()) {
      const name = `steps${at}x${place}`;
      const next = `steps${at}x${place + 1}`;
      const own = quoted(JSON.stringify(code));
      rules.push(
        place === codes.length - 1 ? `${name} ::= ${own}` : `${name} ::= ${own} ("," ${next})? | ${next}`,
      );
    }
  }
  const filled = [...slots].map((slot) => quoted(`<${slot}>`));
  const unit = filled.length === 0 ? 'word' : '(word | slot)';
  rules.push(`say ::= ${unit} mark? (" " ${unit} mark?){0,${MOST_WORDS - 1}}`);
  rules.push(`word ::= [A-Za-z] [a-z'-]{0,${LONGEST_WORD - 1}}`);
  rules.push('mark ::= [.,;:]');
  if (filled.length > 0) rules.push(`slot ::= ${filled.join(' | ')}`);
  return [`root ::= ${roots.join(' | ')}`, ...rules].join('\n');
}
