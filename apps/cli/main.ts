/**
 * The command line: one table of commands, each loaded only when it is asked for, so that a quick `decode`
 * never waits for the hub's code. Errors are one line on stderr with a code and what to do; stdout stays
 * machine-readable.
 */
import { Command, CommanderError } from 'commander';
import manifest from '../../package.json' with { type: 'json' };
import { errorLine } from './commands/command-error.ts';

interface CommandDoor {
  readonly summary: string;
  readonly load: () => Promise<Command>;
}

const doors: Readonly<Record<string, CommandDoor>> = {
  up: {
    summary: 'start a hub and three demo stores on this machine, fed by recorded real sales',
    load: async () => (await import('./commands/up.ts')).upCommand(),
  },
  hub: {
    summary: 'run one hub from a config file',
    load: async () => (await import('./commands/hub.ts')).hubCommand(),
  },
  store: {
    summary: 'run one store agent from a config file',
    load: async () => (await import('./commands/store.ts')).storeCommand(),
  },
  enrol: {
    summary: 'make this device one of a hub’s, with a one-time code',
    load: async () => (await import('./commands/enrol.ts')).enrolCommand(),
  },
  decode: {
    summary: 'bytes of a feed on stdin to observations on stdout',
    load: async () => (await import('./commands/decode.ts')).decodeCommand(),
  },
  replay: {
    summary: 'observations to beliefs at every close and checkpoint',
    load: async () => (await import('./commands/replay.ts')).replayCommand(),
  },
  'count-list': {
    summary: 'what is most worth counting now, grouped by aisle',
    load: async () => (await import('./commands/count-list.ts')).countListCommand(),
  },
  explain: {
    summary: 'the belief about one SKU and what each piece of evidence did to it',
    load: async () => (await import('./commands/explain.ts')).explainCommand(),
  },
  learn: {
    summary: "fit a store's error rates to its own history",
    load: async () => (await import('./commands/learn.ts')).learnCommand(),
  },
  plan: {
    summary: 'a reallocation problem to a plan with its proven bound',
    load: async () => (await import('./commands/plan.ts')).planCommand(),
  },
  policy: {
    summary: 'policies of a running hub: try on history, compare, publish',
    load: async () => (await import('./commands/policy.ts')).policyCommand(),
  },
  see: {
    summary: 'facings, rows and gaps in a picture of a shelf',
    load: async () => (await import('./commands/see.ts')).seeCommand(),
  },
  guide: {
    summary: "what to do about an exception, from the store's procedures",
    load: async () => (await import('./commands/guide.ts')).guideCommand(),
  },
  ask: {
    summary: 'ask the procedures and the live stock in a terminal',
    load: async () => (await import('./commands/ask.ts')).askCommand(),
  },
  audit: {
    summary: 'verify the audit chain; print the first broken link',
    load: async () => (await import('./commands/audit.ts')).auditCommand(),
  },
  rebuild: {
    summary: "fold a store's ledger anew into beliefs",
    load: async () => (await import('./commands/rebuild.ts')).rebuildCommand(),
  },
  backup: {
    summary: "copy a store's ledger while it runs",
    load: async () => (await import('./commands/backup.ts')).backupCommand(),
  },
  restore: {
    summary: "put a store's ledger back from a backup, under a new epoch",
    load: async () => (await import('./commands/restore.ts')).restoreCommand(),
  },
};

/** @param argv as in `process.argv`: node, script, arguments */
export async function run(argv: readonly string[]): Promise<void> {
  // A reader that has seen enough (`truecount replay ... | head`) is no error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  const program = new Command('truecount')
    .description('Doubts the stock record: store agent, hub and their tools.')
    .version(manifest.version)
    .showHelpAfterError('(see "truecount --help")')
    // An option belongs to the command it stands behind: `hub` and `hub enrol-code` both have --config.
    .enablePositionalOptions()
    .exitOverride();
  const asked = argv[2] ?? '';
  for (const [name, door] of Object.entries(doors)) {
    if (name === asked) program.addCommand((await door.load()).exitOverride());
    else program.command(name).description(door.summary);
  }
  try {
    await program.parseAsync([...argv]);
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode;
      return;
    }
    process.stderr.write(`${errorLine(error)}\n`);
    process.exitCode = 1;
  }
}
