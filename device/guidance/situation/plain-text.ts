/** Untrusted text made harmless for a prompt: one line, no signs that a model's control tokens are made of. */
const MAX_CHARACTERS = 300;

export const plainText = (text: string, most = MAX_CHARACTERS): string =>
  text
    .normalize('NFKC')
    .replaceAll(/[<>|{}[\]`\\\p{C}]/gu, ' ')
    .replaceAll(/\s+/gu, ' ')
    .trim()
    .slice(0, most);
