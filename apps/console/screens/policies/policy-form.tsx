/** The settings of a draft as fields; each says what it was where it differs from what is in force. */
import { currencyDigits, type PolicyBundle } from '@truecount/protocol';
import { FieldError, Input, Label, NumberField, Text } from 'react-aria-components';
import { useWords } from '../words/use-words.ts';
import {
  type FieldKind,
  type PolicyField,
  policyFields,
  sayValue,
  valueOf,
  withValue,
} from './policy-fields.ts';

interface FormProps {
  readonly draft: PolicyBundle;
  /** What is in force where the draft is for. */
  readonly base: PolicyBundle;
  readonly onChange: (draft: PolicyBundle) => void;
}

const SECTIONS = ['detection', 'approvals', 'automation', 'planner', 'labour'] as const;

export function PolicyForm({ draft, base, onChange }: FormProps) {
  const { t } = useWords();
  return (
    <div className="policy-form" data-testid="policy-form">
      {SECTIONS.filter((section) => draft[section] !== undefined).map((section) => (
        <fieldset key={section}>
          <legend className="policy-section">{t(`policy.${section}`)}</legend>
          <div className="policy-fields">
            {policyFields
              .filter((field) => field.section === section)
              .map((field) => (
                <Setting key={field.name} field={field} draft={draft} base={base} onChange={onChange} />
              ))}
          </div>
        </fieldset>
      ))}
    </div>
  );
}

function Setting({ field, draft, base, onChange }: FormProps & { readonly field: PolicyField }) {
  const words = useWords();
  const { currency } = draft;
  const unit = field.kind === 'money' ? 10 ** currencyDigits(currency) : 1;
  const value = valueOf(draft, field);
  const before = valueOf(base, field);
  return (
    <NumberField
      className="field"
      value={value === undefined ? Number.NaN : value / unit}
      minValue={field.min / unit}
      maxValue={field.max / unit}
      formatOptions={formatOf(field.kind, currency)}
      onChange={(entered) => {
        if (!Number.isFinite(entered)) return;
        const raw = entered * unit;
        onChange(withValue(draft, field, field.isWhole === true ? Math.round(raw) : raw));
      }}
    >
      <Label>{words.t(field.label)}</Label>
      <Input className="input" data-testid={`setting-${field.name}`} />
      {before !== undefined && before !== value && (
        <Text slot="description" className="policy-was">
          {words.t('policy.was-value', { value: sayValue(before, field, currency, words) })}
        </Text>
      )}
      <FieldError className="field-error" />
    </NumberField>
  );
}

function formatOf(kind: FieldKind, currency: string): Intl.NumberFormatOptions {
  switch (kind) {
    case 'share':
      return { style: 'percent', maximumFractionDigits: 1 };
    case 'money':
      return { style: 'currency', currency };
    case 'number':
      return { maximumFractionDigits: 1 };
    case 'minutes':
      return { style: 'unit', unit: 'minute', unitDisplay: 'long', maximumFractionDigits: 1 };
    case 'hours':
      return { style: 'unit', unit: 'hour', unitDisplay: 'long', maximumFractionDigits: 1 };
    case 'days':
      return { style: 'unit', unit: 'day', unitDisplay: 'long', maximumFractionDigits: 0 };
    default:
      return kind satisfies never;
  }
}
