/** The settings of a policy that people read and change: one list for both, by section. */
import type { PolicyBundle } from '@truecount/protocol';
import type { MessageKey } from '../words/i18n.ts';
import type { Words } from '../words/use-words.ts';

/** Shares are 0..1, money is in minor units of the bundle's currency. */
export type FieldKind = 'share' | 'money' | 'number' | 'minutes' | 'hours' | 'days';

export interface PolicyField {
  readonly section: 'detection' | 'approvals' | 'automation' | 'planner' | 'labour';
  readonly name: string;
  readonly label: MessageKey;
  readonly kind: FieldKind;
  readonly min: number;
  readonly max: number;
  readonly isWhole?: boolean;
}

const share = { kind: 'share', min: 0, max: 1 } as const;
const money = { kind: 'money', min: 0, max: 1e12, isWhole: true } as const;

/** Bounds are the schema's (`protocol/policy.ts`). */
export const policyFields: readonly PolicyField[] = [
  { section: 'detection', name: 'phantomOpen', label: 'policy.phantom-open', ...share },
  { section: 'detection', name: 'phantomClose', label: 'policy.phantom-close', ...share },
  { section: 'detection', name: 'stockoutOpen', label: 'policy.stockout-open', ...share },
  { section: 'detection', name: 'stockoutClose', label: 'policy.stockout-close', ...share },
  { section: 'detection', name: 'coverDays', label: 'policy.cover-days', kind: 'number', min: 0, max: 60 },
  { section: 'detection', name: 'minExposureMinor', label: 'policy.min-exposure', ...money },
  {
    section: 'detection',
    name: 'feedSilentMinutes',
    label: 'policy.feed-silent',
    kind: 'minutes',
    min: 0.1,
    max: 1440,
  },
  { section: 'approvals', name: 'managerMaxMinor', label: 'policy.manager-max', ...money },
  { section: 'approvals', name: 'outageMaxMinor', label: 'policy.outage-max', ...money },
  {
    section: 'approvals',
    name: 'outageHalvingHours',
    label: 'policy.outage-halving',
    kind: 'hours',
    min: 0.1,
    max: 240,
  },
  {
    section: 'approvals',
    name: 'proposalHours',
    label: 'policy.proposal-hours',
    kind: 'hours',
    min: 0.1,
    max: 240,
  },
  { section: 'automation', name: 'targetRate', label: 'policy.target', ...share },
  {
    section: 'automation',
    name: 'minOutcomes',
    label: 'policy.outcomes',
    kind: 'number',
    min: 1,
    max: 100_000,
    isWhole: true,
  },
  { section: 'automation', name: 'windowDays', label: 'policy.window', kind: 'days', min: 1, max: 3650 },
  { section: 'automation', name: 'holdoutShare', label: 'policy.holdout', ...share },
  { section: 'planner', name: 'alpha', label: 'policy.alpha', ...share },
  {
    section: 'planner',
    name: 'maxUnits',
    label: 'policy.max-units',
    kind: 'number',
    min: 1,
    max: 100_000,
    isWhole: true,
  },
  { section: 'labour', name: 'minorPerHour', label: 'policy.per-hour', ...money },
  {
    section: 'labour',
    name: 'minutesPerCount',
    label: 'policy.per-count',
    kind: 'minutes',
    min: 0,
    max: 120,
  },
];

/** Undefined where the bundle leaves the section to the hub's defaults. */
export function valueOf(bundle: PolicyBundle, { section, name }: PolicyField): number | undefined {
  const value = (bundle[section] as Readonly<Record<string, unknown>> | undefined)?.[name];
  return typeof value === 'number' ? value : undefined;
}

export const withValue = (
  bundle: PolicyBundle,
  { section, name }: PolicyField,
  value: number,
): PolicyBundle => ({ ...bundle, [section]: { ...bundle[section], [name]: value } });

export function sayValue(
  value: number,
  { kind }: PolicyField,
  currency: string,
  { t, money: amount, percent, number }: Words,
): string {
  switch (kind) {
    case 'share':
      return percent(value);
    case 'money':
      return amount({ minor: value, currency });
    case 'number':
      return number(value, 1);
    case 'minutes':
      return t('policy.minutes', { count: value });
    case 'hours':
      return t('policy.hours', { count: value });
    case 'days':
      return t('policy.days', { count: value });
    default:
      return kind satisfies never;
  }
}
