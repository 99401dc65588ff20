/** Where the model trained in models/guide lies; absent in an installation without it, and that is fine. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const file = fileURLToPath(new URL('../../../models/guide/guide.gguf', import.meta.url));

export const shippedModel = (): string | undefined => (existsSync(file) ? file : undefined);
