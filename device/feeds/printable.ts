/** Bytes as text for reports: UTF-8 where it is valid, Latin-1 otherwise, cut to a length worth reading. */
const utf8 = new TextDecoder('utf-8', { fatal: true });
const latin1 = new TextDecoder('latin1');

export function printable(bytes: Uint8Array, maxChars = 400): string {
  const text = decodeText(bytes);
  return text.length > maxChars ? `${text.slice(0, maxChars)}...` : text;
}

export function decodeText(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    return latin1.decode(bytes);
  }
}
