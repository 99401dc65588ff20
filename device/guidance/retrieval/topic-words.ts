/** Without a model: what a question about a card asks for, by the words people use for it. First match wins. */
import type { CardTopic } from '../library/procedure.ts';

const signs: readonly (readonly [CardTopic, RegExp])[] = [
  [
    'customer',
    /\b(customer|shopper|client|buyer|lady|gentleman|caller|phone|promise|apologi[sz]e)\b|\btell (him|her|them)\b/,
  ],
  [
    'leave',
    /\b(ignore|skip|dismiss|delete|postpone|later|tomorrow|wait|no time|too busy|get rid|go away|really have to|leave it)\b|\bjust (set|change|correct|type|close|tick)\b/,
  ],
  [
    'tell',
    /\b(who|whom|whose|manager|boss|permission|allowed|approval|approve|escalate|report it|sign off|supervisor|my decision)\b/,
  ],
  [
    'next',
    /\b(counted|found|finished|done|after|afterwards|result|close it|enter|differs?|different|nothing there|none)\b/,
  ],
  [
    'why',
    /\b(why|reason|cause|evidence|proof|sure|certain|mean|means|explain|happened|know|wrong|based on|really)\b/,
  ],
  ['act', /\b(what|how|do|start|begin|steps?|procedure|help|fix|solve|handle|now|next|first|should|need)\b/],
];

export const topicByWords = (question: string): CardTopic | undefined =>
  question.trim() === '' ? 'act' : signs.find(([, sign]) => sign.test(question.toLowerCase()))?.[0];
