/** `truecount decode`: recorded bytes of a feed to what the feed would have said, one JSON object per line. */
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import {
  createDecoder,
  type Decoder,
  type DecoderSettings,
  FeedConfigError,
  type FeedEvent,
} from '@truecount/device/feeds';
import { Command, InvalidArgumentError, Option } from 'commander';

const KINDS = ['escpos', 'scanner', 'scale', 'poslog'] as const;

interface DecodeOptions {
  readonly feed: (typeof KINDS)[number];
  readonly grammar?: string;
  readonly timeZone: string;
  readonly dialect: 'epson' | 'star';
  readonly codeTable?: number;
  readonly multiByte?: string;
  readonly till?: string;
  readonly unit: 'kg' | 'g' | 'lb' | 'oz';
  readonly decimals: number;
}

const wholeNumber = (text: string): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0 || value > 255)
    throw new InvalidArgumentError('a whole number from 0 to 255 is needed');
  return value;
};

const HELP = `
Prints, one JSON object per line:
  escpos   text lines, commands (cut, drawer, image, barcode), tickets, observations, a summary at the end
  scanner  scans; a code that breaks its own rules is "refused" with the reason
  scale    weights in grams
  poslog   tickets, observations, a summary at the end

Exit status: 0 everything was read, 2 something was refused or belonged to no command (it is in the output and
the rest was read), 1 nothing could be done.

Examples:
  truecount decode --feed escpos --time-zone Europe/Berlin < receipt.bin
  truecount decode --feed escpos --grammar us-grocery < capture.bin | jq 'select(.type == "sale")'
  printf ']E04006381333931\\r\\n' | truecount decode --feed scanner
  printf 'ST,GS,+ 0006.245kg\\r\\n' | truecount decode --feed scale`;

export function decodeCommand(): Command {
  return new Command('decode')
    .description('bytes of a feed on stdin to observations on stdout')
    .addOption(new Option('--feed <kind>', 'what the bytes come from').choices(KINDS).makeOptionMandatory())
    .option('--grammar <file|name>', 'receipt grammar: a JSON file or the name of a built-in one')
    .option('--time-zone <name>', 'zone of the times printed on tickets (IANA name)', 'UTC')
    .addOption(
      new Option('--dialect <printer>', "the printer's command set")
        .choices(['epson', 'star'])
        .default('epson'),
    )
    .option('--code-table <number>', 'code table in force before any is selected', wholeNumber)
    .option('--multi-byte <encoding>', 'encoding of double-byte text, such as gb18030 or shift_jis')
    .option('--till <name>', 'the till when receipts do not name it')
    .addOption(
      new Option('--unit <unit>', 'of a scale that sends bare digits')
        .choices(['kg', 'g', 'lb', 'oz'])
        .default('kg'),
    )
    .option('--decimals <number>', 'of a scale that sends bare digits', wholeNumber, 3)
    .addHelpText('after', HELP)
    .action(decodeStdin);
}

async function decodeStdin(options: DecodeOptions): Promise<void> {
  const decoder = createDecoder(settingsOf(options), { now: Date.now });
  let skipped = false;
  for await (const chunk of process.stdin)
    skipped = (await print(decoder.push(chunk as Uint8Array))) || skipped;
  skipped = (await print(decoder.end())) || skipped;
  if (skipped || isGarbled(decoder)) process.exitCode = 2;
}

const isGarbled = (decoder: Decoder): boolean => decoder.tally().garbled > 0;

function settingsOf(options: DecodeOptions): DecoderSettings {
  const { feed, grammar, timeZone, dialect, codeTable, multiByte, till, unit, decimals } = options;
  return {
    kind: feed,
    timeZone,
    dialect,
    scale: { unit, decimals },
    ...(grammar === undefined ? {} : { grammar: readGrammar(grammar) }),
    ...(codeTable === undefined ? {} : { codeTable }),
    ...(multiByte === undefined ? {} : { multiByte }),
    ...(till === undefined ? {} : { till }),
  };
}

/** A file when there is one of that name, otherwise the name of a built-in grammar. */
function readGrammar(nameOrFile: string): unknown {
  if (!existsSync(nameOrFile)) return nameOrFile;
  try {
    return JSON.parse(readFileSync(nameOrFile, 'utf8')) as unknown;
  } catch (error) {
    throw new FeedConfigError(
      `${nameOrFile} is no JSON: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

/** Waits for a slow reader. An observation is printed as such, so the output can be fed to `truecount replay`. */
async function print(events: readonly FeedEvent[]): Promise<boolean> {
  if (events.length === 0) return false;
  const text = events
    .map((event) => `${JSON.stringify(event.type === 'observation' ? event.observation : event)}\n`)
    .join('');
  if (!process.stdout.write(text)) await once(process.stdout, 'drain');
  return events.some(({ type }) => type === 'refused');
}
