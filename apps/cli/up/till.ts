/** A demo store's till: prints the world's tickets as a real receipt printer would get them, in ESC/POS bytes. */
import ReceiptPrinterEncoder from '@point-of-sale/receipt-printer-encoder';
import type { Product } from './recording.ts';
import type { WorldEvent } from './world.ts';

const WIDTH = 42;
const PRICE_WIDTH = 10;
export type Ticket = Extract<WorldEvent, { kind: 'ticket' }>;

const amount = (minor: number) => (minor / 100).toFixed(2);

/** One receipt, in the layout that the built-in receipt grammar reads. */
export function printTicket(
  storeName: string,
  ticket: Ticket,
  products: ReadonlyMap<string, Product>,
): Uint8Array {
  const printer = new ReceiptPrinterEncoder({ language: 'esc-pos', columns: WIDTH });
  printer.initialize().codepage('cp858').align('center').bold(true).line(storeName).bold(false).align('left');
  const when = new Date(ticket.at).toISOString();
  printer.line(`Ticket ${ticket.number}  Till 1`);
  printer.line(`${when.slice(0, 10)} ${when.slice(11, 19)}`);
  printer.rule({});
  let totalMinor = 0;
  for (const { sku, qty } of ticket.lines) {
    const product = products.get(sku);
    if (!product) continue;
    const priceMinor = Math.round(product.price * 100);
    totalMinor += priceMinor * qty;
    printer.line(product.gtin.slice(1));
    printer.line(
      `${qty} x ${product.name}`.padEnd(WIDTH - PRICE_WIDTH).slice(0, WIDTH - PRICE_WIDTH) +
        amount(priceMinor * qty).padStart(PRICE_WIDTH),
    );
  }
  printer.rule({}).bold(true);
  printer.line('TOTAL'.padEnd(WIDTH - PRICE_WIDTH) + amount(totalMinor).padStart(PRICE_WIDTH));
  printer.bold(false).newline(2).cut();
  return printer.encode();
}
