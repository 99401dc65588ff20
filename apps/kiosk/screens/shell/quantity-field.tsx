/** A number with large minus and plus, typed or tapped. */
import { Minus, Plus } from 'lucide-react';
import { Button, Group, Input, Label, NumberField } from 'react-aria-components';

interface QuantityProps {
  readonly label: string;
  readonly value: number;
  readonly min?: number;
  readonly max: number;
  readonly onChange: (value: number) => void;
}

export function QuantityField({ label, value, min = 0, max, onChange }: QuantityProps) {
  return (
    <NumberField
      className="quantity"
      value={value}
      minValue={min}
      maxValue={max}
      step={1}
      onChange={(next) => onChange(Number.isFinite(next) ? next : min)}
    >
      <Label className="field-label">{label}</Label>
      <Group className="quantity-group">
        <Button slot="decrement" className="quantity-step">
          <Minus aria-hidden size={28} strokeWidth={2} />
        </Button>
        <Input className="quantity-input" data-testid="quantity" inputMode="numeric" />
        <Button slot="increment" className="quantity-step">
          <Plus aria-hidden size={28} strokeWidth={2} />
        </Button>
      </Group>
    </NumberField>
  );
}
