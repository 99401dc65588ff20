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

/** The best reasons in one line. */
export function whyOf(card: NowCard, words: Words): string {
  return card.why
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

export function sureOf(card: NowCard, { t, percent }: Words): string | undefined {
  const key = card.exceptionKind && sureness[card.exceptionKind];
  return key && t(key, { percent: percent(card.confidence) });
}
