/** Child of kill.test.ts: one store agent from a config file, its events on stdout. */
import { writeSync } from 'node:fs';
import { readAgentConfig } from '../config.ts';
import { startAgent } from '../main.ts';

const [config = ''] = process.argv.slice(2);
await startAgent(readAgentConfig(config), { say: (event) => writeSync(1, `${JSON.stringify(event)}\n`) });
