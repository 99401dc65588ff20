/** One hub process for tests that kill it: `node hub-process.ts <config.json>` prints the address it answers at. */
import { readHubConfig } from '../../hub/config.ts';
import { startHub } from '../../hub/main.ts';

const [, , file = ''] = process.argv;
const hub = await startHub(readHubConfig(file));
process.stdout.write(`${hub.url}\n`);
