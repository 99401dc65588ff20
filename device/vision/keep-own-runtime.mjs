// Runs after `npm install` at the root. onnxruntime-node ships the binaries of five platforms (290 MB); this machine can
// load one of them (25-70 MB). The others are removed. Plain JavaScript: npm may run on a Node without type stripping.
// Packaging for another platform: `npm rebuild onnxruntime-node`, or a clean install, on that platform.
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

function binaryFolder() {
  try {
    return join(dirname(createRequire(import.meta.url).resolve('onnxruntime-node/package.json')), 'bin');
  } catch {
    return undefined;
  }
}

const bin = binaryFolder();
if (bin !== undefined && existsSync(bin))
  // A platform that the package has no binary for keeps everything: nothing here can tell what it would load.
  for (const napi of readdirSync(bin))
    if (existsSync(join(bin, napi, process.platform, process.arch)))
      for (const platform of readdirSync(join(bin, napi)))
        for (const arch of readdirSync(join(bin, napi, platform)))
          if (platform !== process.platform || arch !== process.arch)
            rmSync(join(bin, napi, platform, arch), { recursive: true, force: true });
