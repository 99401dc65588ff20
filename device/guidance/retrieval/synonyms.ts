/** Words of the shop floor that mean the same, in Porter's stems; the first of a group stands for all. */
import { stemmer } from 'stemmer';

const groups = [
  'customer shopper client buyer guest lady gentleman',
  'delivery shipment consignment inbound',
  'truck lorry van',
  'shelf facing rack bay',
  'gap hole empty',
  'restock refill replenish',
  'till register checkout cashdesk pos',
  'backroom stockroom storeroom warehouse',
  'return refund',
  'broken damaged smashed crushed shattered defective faulty cracked',
  'missing absent lost gone vanished disappeared',
  'fridge refrigerator freezer chiller cooler',
  'spill puddle leak spilled spilt leaking',
  'injury hurt injured wound bleeding accident',
  'theft steal stealing stolen shoplifting shoplifter thief stole nick nicked pocketed',
  'robbery robber armed weapon knife gun',
  'fire burning smoke flames',
  'ladder stepladder',
  'lift heavy carry',
  'store shop branch outlet location',
  'transfer relocate',
  'late delayed delay overdue behind',
  'label tag sticker',
  'expired expiry outdated mouldy spoiled rotten',
  'waste discard throw bin dispose',
  'offline disconnected',
  'network internet wifi connection router',
  'order purchase',
  'substitute replacement alternative swap instead',
  'split partial halves',
  'manager boss supervisor',
  'reserve reservation reserved',
  'oversell oversold overselling',
  'negative minus',
  'record book system computer inventory',
  'scanner gun',
  'pin password passcode',
  'complaint angry upset furious rude shouting complain',
  'privacy personal gdpr',
  'recall withdrawal',
  'hygiene hand wash',
  'chemical acid cleaner bleach',
  'cash money drawer float',
  'shift handover',
  'employee staff colleague worker',
  'parcel package box',
  'fraud scam suspicious fake',
  'expedite rush express hurry speed accelerate',
  'receipt bon proof',
  'supplier vendor',
  'camera picture frame photo',
  'estimate model prediction forecast',
  'electricity power blackout',
  'pallet jack',
] as const;

const heads = new Map(
  groups.flatMap((group) => {
    const stems = group.split(' ').map((word) => stemmer(word));
    return stems.slice(1).map((stem) => [stem, stems[0] ?? stem] as const);
  }),
);

export const synonymOf = (stem: string): string => heads.get(stem) ?? stem;
