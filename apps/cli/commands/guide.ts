/** `truecount guide context.json`: a card's or a question's context to advice, one JSON object a file. */
import { readFileSync } from 'node:fs';
import { text as allOf } from 'node:stream/consumers';
import { type Guidance, readGuideContext } from '@truecount/device/guidance';
import { Command } from 'commander';
import { openGuidance } from './open-guidance.ts';

interface GuideOptions {
  readonly question?: string;
  readonly role?: string;
  readonly model?: string | false;
  readonly procedures?: readonly string[];
}

export function guideCommand(): Command {
  return new Command('guide')
    .description('what to do about an exception, from the procedures that its reader may see')
    .argument('[contexts...]', 'JSON files (see "device/guidance/README.md"); - or nothing reads stdin', [
      '-',
    ])
    .option('--question <text>', 'instead of the question in the context')
    .option('--role <role>', 'instead of the role in the context')
    .option('--model <file>', 'another GGUF file than the shipped one')
    .option('--no-model', "only retrieval, in the procedures' own words")
    .option('--procedures <folder...>', 'folders of procedures, over the shipped ones')
    .addHelpText(
      'after',
      `
Examples:
  truecount guide context.json
  echo '{"exception":{"kind":"phantom-stock","name":"Oat drink 1 l"},"question":"why?"}' | truecount guide`,
    )
    .action(guide);
}

async function guide(files: readonly string[], options: GuideOptions): Promise<void> {
  const { guidance, close } = await openGuidance(options);
  try {
    for (const file of files) await answer(guidance, file, options);
  } finally {
    await close();
  }
}

class NoContextError extends Error {
  readonly code = 'E_CONTEXT_FILE';
}

async function answer(guidance: Guidance, file: string, options: GuideOptions): Promise<void> {
  const { question, role } = options;
  const context = readGuideContext(file === '-' ? await allOf(process.stdin) : readText(file));
  const advice = await guidance.ask({
    ...context,
    ...(question === undefined ? {} : { question }),
    ...(role === undefined ? {} : { role }),
  });
  process.stdout.write(`${JSON.stringify(advice)}\n`);
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new NoContextError(`there is no readable file ${file}; name a JSON file, or - for stdin`);
  }
}
