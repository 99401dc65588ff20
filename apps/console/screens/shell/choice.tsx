/** One of a list, or all. */
import { ChevronDown } from 'lucide-react';
import { Button, Label, ListBox, ListBoxItem, Popover, Select, SelectValue } from 'react-aria-components';

interface ChoiceProps {
  readonly label: string;
  /** Empty for all. */
  readonly value: string;
  readonly all: string;
  readonly options: readonly { readonly id: string; readonly name: string }[];
  readonly onChange: (value: string) => void;
  readonly testId: string;
}

const ALL = '*';

export function Choice({ label, value, all, options, onChange, testId }: ChoiceProps) {
  return (
    <Select
      className="choice"
      value={value === '' ? ALL : value}
      onChange={(key) => onChange(key === ALL || key === null ? '' : String(key))}
    >
      <Label className="unseen">{label}</Label>
      <Button className="choice-button" data-testid={testId} data-active={value !== '' || undefined}>
        <SelectValue />
        <ChevronDown aria-hidden size={16} />
      </Button>
      <Popover className="popover">
        <ListBox className="choice-list" items={[{ id: ALL, name: all }, ...options]}>
          {({ id, name }) => (
            <ListBoxItem id={id} className="choice-item" textValue={name}>
              {name}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </Select>
  );
}
