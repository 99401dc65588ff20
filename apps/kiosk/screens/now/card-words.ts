/** What a card says, in the order people read it: verb and product, place, why, what it is worth. */
import type { ExceptionKind, NowCard } from '@truecount/protocol';
import {
  ClipboardList,
  PackageCheck,
  PackageOpen,
  PlugZap,
  ScanBarcode,
  Truck,
  type LucideIcon,
} from 'lucide-react';
import type { MessageKey } from '../words/i18n.ts';
import type { Words } from '../words/use-words.ts';

export const cardIcons: Readonly<Record<NowCard['kind'], LucideIcon>> = {
  count: ClipboardList,
  restock: PackageOpen,
  pick: ScanBarcode,
  ship: Truck,
  receive: PackageCheck,
  'check-feed': PlugZap,
};

export function headingOf(card: NowCard, { t }: Words): string {
  const qty = card.qty ?? 0;
  if (card.kind === 'check-feed') return t('card.check-feed');
  const name = card.product?.name ?? t('card.no-product');
  return qty > 1 && card.kind !== 'count' ? `${qty} × ${name}` : name;
}

/** Facts that say what is believed rather than what was seen; they go last and stand out. */
const beliefs: ReadonlySet<string> = new Set([
  'believed-gone',
  'believed-there',
  'believed-more',
  'runs-out',
]);

/** What was seen, best first, without what is believed because of it. */
export const seenOf = (card: NowCard): NowCard['why'] => card.why.filter(({ code }) => !beliefs.has(code));

/** The best of what was seen, in one line. */
export function whyOf(card: NowCard, words: Words): string {
  return seenOf(card)
    .slice(0, 3)
    .map((fact) => words.evidence(fact).replace(/[.\s]+$/, ''))
    .join(' · ');
}

/** What the confidence of an exception means; where it would only repeat the facts nothing is said. */
const sureness: Partial<Record<ExceptionKind, MessageKey>> = {
  'phantom-stock': 'card.sure-gone',
  'hidden-stock': 'card.sure-more',
  'shelf-gap': 'card.sure-gap',
  'stockout-ahead': 'card.sure-stockout',
};

/** What is believed because of it: as the agent put it, otherwise from the confidence. */
export function sureOf(card: NowCard, words: Words): string | undefined {
  const belief = card.why.find(({ code }) => beliefs.has(code));
  if (belief) return words.evidence(belief);
  const key = card.exceptionKind && sureness[card.exceptionKind];
  return key && words.t(key, { percent: words.percent(card.confidence) });
}

/** A place begins with a capital letter, whoever typed it. */
export function placeOf(card: Pick<NowCard, 'kind' | 'product'>, { t, locale }: Words): string {
  const place = card.product?.place;
  if (place) return capital(place, locale);
  return card.kind === 'check-feed' ? t('card.place-till') : t('card.no-place');
}

export const capital = (text: string, locale: string): string =>
  text.slice(0, 1).toLocaleUpperCase(locale) + text.slice(1);
