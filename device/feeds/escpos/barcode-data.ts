/**
 * The contents of a barcode command as text. Code 128 is sent with its code sets (`{A`, `{B`, `{C`): in set C
 * each byte is two digits, `{{` is a brace, `{1` to `{4` are function characters.
 */
const BRACE = 0x7b;
const CODE_128 = 73;

/** @param args of GS k: the system, for systems from 65 on the length, then the data */
export function barcodeText(args: readonly number[]): string {
  const [system = 0] = args;
  const data = args.slice(system > 6 ? 2 : 1);
  return system === CODE_128 ? code128Text(data) : String.fromCharCode(...data);
}

function code128Text(data: readonly number[]): string {
  let text = '';
  let pairs = false;
  for (let at = 0; at < data.length; at++) {
    const byte = data[at] as number;
    if (byte !== BRACE) {
      text += pairs ? String(byte).padStart(2, '0') : String.fromCharCode(byte);
      continue;
    }
    const control = String.fromCharCode(data[++at] ?? 0);
    if (control === '{') text += '{';
    else if (control === 'A' || control === 'B' || control === 'C') pairs = control === 'C';
    else if (control === '1') text += '\u001d';
  }
  return text;
}
