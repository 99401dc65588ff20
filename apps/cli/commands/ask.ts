/**
 * `truecount ask`: questions in a terminal, answered from the store's procedures and, with `--store`, from its live
 * stock. One question on the command line, or a conversation when there is none.
 */
import { createInterface } from 'node:readline/promises';
import { answerStock, type Guidance, type StockReader, stockQuestion } from '@truecount/device/guidance';
import type { Advice } from '@truecount/protocol';
import { Command } from 'commander';
import { openGuidance } from './open-guidance.ts';
import { storeReader } from './store-reader.ts';

interface AskOptions {
  readonly store?: string;
  readonly role: string;
  readonly model?: string | false;
  readonly procedures?: readonly string[];
  readonly json?: boolean;
}

export function askCommand(): Command {
  return new Command('ask')
    .description('ask the procedures and the live stock')
    .argument('[question...]', 'one question; without it a conversation')
    .option('--store <url>', 'address of a running store agent, for questions about stock')
    .option('--role <role>', 'who asks', 'associate')
    .option('--model <file>', 'another GGUF file than the shipped one')
    .option('--no-model', "only retrieval, in the procedures' own words")
    .option('--procedures <folder...>', 'folders of procedures, over the shipped ones')
    .option('--json', 'JSON lines instead of text')
    .addHelpText(
      'after',
      `
Examples:
  truecount ask "somebody dropped a jar of honey"
  truecount ask "is there oat drink?" --store http://127.0.0.1:7400`,
    )
    .action(async (words: readonly string[], options: AskOptions) => ask(words.join(' '), options));
}

async function ask(question: string, options: AskOptions): Promise<void> {
  const { guidance, close } = await openGuidance(options);
  const reader = options.store === undefined ? undefined : storeReader(options.store);
  const answer = async (text: string): Promise<void> => {
    const said = await answerOf(text, options.role, guidance, reader);
    process.stdout.write(options.json === true ? `${JSON.stringify(said)}\n` : `${asText(said)}\n`);
  };
  try {
    if (question !== '') return await answer(question);
    const lines = createInterface({
      input: process.stdin,
      ...(process.stdin.isTTY ? { output: process.stdout } : {}),
    });
    lines.setPrompt('> ');
    if (process.stdin.isTTY) lines.prompt();
    for await (const line of lines) {
      if (['exit', 'quit'].includes(line.trim())) break;
      if (line.trim() !== '') await answer(line);
      if (process.stdin.isTTY) lines.prompt();
    }
    lines.close();
  } finally {
    await close();
  }
}

type Said =
  | { readonly from: 'stock'; readonly answer: string; readonly call: string; readonly found: boolean }
  | ({ readonly from: 'procedures' } & Advice)
  | { readonly from: 'nothing'; readonly answer: string };

async function answerOf(
  question: string,
  role: string,
  guidance: Guidance,
  reader: StockReader | undefined,
): Promise<Said> {
  const asked = stockQuestion(question);
  if (asked !== undefined && reader !== undefined) {
    const stock = await answerStock(asked, reader);
    if (stock !== undefined) return { from: 'stock', ...stock };
  }
  const advice = await guidance.ask({ question, role });
  if (advice !== undefined && !advice.abstained) return { from: 'procedures', ...advice };
  if (asked !== undefined && asked.product !== '')
    return {
      from: 'nothing',
      answer:
        reader === undefined
          ? `No store is connected, so nothing is known about "${asked.product}"; name one with --store.`
          : `No product is called "${asked.product}", and no procedure is about it.`,
    };
  return { from: 'nothing', answer: advice?.answer ?? 'There is no answer.' };
}

function asText(said: Said): string {
  if (said.from !== 'procedures') return said.answer;
  const sources = said.sources.map(({ id, title, version }) => `[${id} v${version}] ${title}`);
  return [
    said.answer,
    ...said.steps.map(({ text }, at) => `  ${at + 1}. ${text}`),
    ...sources.map((one) => `  ${one}`),
  ].join('\n');
}
