/** `npm run check:boundaries`: fails on a violation, and when suspiciously little was looked at. */
import { checkBoundaries } from './boundaries.ts';

/** With a parser that does not understand TypeScript the tool finds no modules and would call that clean. */
const FEWEST_MODULES = 60;

const { modules, violations } = await checkBoundaries(new URL('../..', import.meta.url).pathname);
for (const violation of violations) process.stderr.write(`${violation}\n`);
if (modules < FEWEST_MODULES)
  process.stderr.write(`only ${modules} modules were read; the parser does not understand the sources\n`);
if (violations.length > 0 || modules < FEWEST_MODULES) process.exitCode = 1;
else process.stdout.write(`boundaries hold over ${modules} modules\n`);
