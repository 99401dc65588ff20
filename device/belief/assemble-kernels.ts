/**
 * Assembles the kernels, which are written in WebAssembly text; as a program it writes their bytes into TypeScript:
 * `npm run generate:kernels`.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import wabt from 'wabt';

const KERNELS = ['sweep', 'step'] as const;

/** A kernel's module as bytes in base64. */
export async function assemble(name: (typeof KERNELS)[number]): Promise<string> {
  const text = readFileSync(new URL(`${name}.wat`, import.meta.url), 'utf8');
  const module = (await wabt()).parseWat(`${name}.wat`, text, { simd: true });
  try {
    module.validate();
    return Buffer.from(module.toBinary({}).buffer).toString('base64');
  } finally {
    module.destroy();
  }
}

if (import.meta.main)
  for (const name of KERNELS) {
    const rows = (await assemble(name)).match(/.{1,100}/g) ?? [];
    const text = `/** Written from ${name}.wat by \`npm run generate:kernels\`. */
export const ${name}Bytes = [
${rows.map((row) => `  '${row}',`).join('\n')}
].join('');
`;
    writeFileSync(new URL(`${name}-bytes.ts`, import.meta.url), text);
  }
