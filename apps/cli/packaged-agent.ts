/** The store agent as the packaged kiosk starts it: `truecount store` alone, without the hub's code. */
import { storeCommand } from './commands/store.ts';

await storeCommand().parseAsync(process.argv.slice(3), { from: 'user' });
