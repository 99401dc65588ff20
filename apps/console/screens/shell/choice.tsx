/** One of a list, or all. */
import { ChevronDown } from 'lucide-react';
import { Button, Label, ListBox, ListBoxItem, Popover, Select, SelectValue } from 'react-aria-components';

interface ChoiceProps {
  readonly label: string;
  /** Empty for all. */
  readonly value: string;
  /** The word for no choice; without it one is always chosen. */
  readonly all?: string;
  readonly options: readonly { readonly id: string; readonly name: string }[];
  readonly onChange: (value: string) => void;
  readonly testId: string;
  /** Shows the label above, as in a form. */
  readonly isShown?: boolean;
}

const ALL = '*';

export function Choice({ label, value, all, options, onChange, testId, isShown = false }: ChoiceProps) {
  return (
    <Select
      className="choice"
      value={value === '' ? ALL : value}
      onChange={(key) => onChange(key === ALL || key === null ? '' : String(key))}
    >
      <Label className={isShown ? 'choice-label' : 'unseen'}>{label}</Label>
      <Button
        className="choice-button"
        data-testid={testId}
        data-active={(all !== undefined && value !== '') || undefined}
      >
        <SelectValue />
        <ChevronDown aria-hidden size={16} />
      </Button>
      <Popover className="popover">
        <ListBox
          className="choice-list"
          items={all === undefined ? options : [{ id: ALL, name: all }, ...options]}
        >
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
