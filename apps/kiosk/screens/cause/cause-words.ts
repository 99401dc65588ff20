/** What a cause of a wrong record looks like, and where to look when it is likely. */
import type { NowCard, StockCause } from '@truecount/protocol';
import { stockCauses } from '@truecount/protocol';
import {
  MapPinOff,
  PackageMinus,
  PackagePlus,
  PlugZap,
  ScanBarcode,
  ShieldAlert,
  Trash2,
  Warehouse,
  type LucideIcon,
} from 'lucide-react';
import type { Words } from '../words/use-words.ts';

export const causeIcons: Readonly<Record<StockCause, LucideIcon>> = {
  theft: ShieldAlert,
  misplaced: MapPinOff,
  'short-delivery': PackageMinus,
  'unbooked-delivery': PackagePlus,
  'mis-scan': ScanBarcode,
  'shelf-not-filled': Warehouse,
  'feed-silent': PlugZap,
  'unbooked-waste': Trash2,
};

/** The likeliest cause of a card in words; undefined where none stands out, or this version does not know it. */
export function likelyCauseOf({ causes = [] }: NowCard, { t, percent }: Words): string | undefined {
  const [first] = causes;
  const cause = stockCauses.find((one) => one === first?.code);
  if (first === undefined || cause === undefined) return undefined;
  return t('cause.likely', { what: t(`cause.${cause}`), percent: percent(first.probability) });
}
