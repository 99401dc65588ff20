/** Assembles sweep.wat; as a program it writes sweep-bytes.ts: `npm run generate:sweep`. */
import { readFileSync, writeFileSync } from 'node:fs';
import wabt from 'wabt';

/** The module of sweep.wat as bytes in base64. */
export async function assembleSweep(): Promise<string> {
  const text = readFileSync(new URL('sweep.wat', import.meta.url), 'utf8');
  const module = (await wabt()).parseWat('sweep.wat', text, { simd: true });
  try {
    module.validate();
    return Buffer.from(module.toBinary({}).buffer).toString('base64');
  } finally {
    module.destroy();
  }
}

if (import.meta.main) {
  const rows = (await assembleSweep()).match(/.{1,100}/g) ?? [];
  const text = `/** Written from sweep.wat by \`npm run generate:sweep\`. */
export const sweepBytes = [
${rows.map((row) => `  '${row}',`).join('\n')}
].join('');
`;
  writeFileSync(new URL('sweep-bytes.ts', import.meta.url), text);
}
