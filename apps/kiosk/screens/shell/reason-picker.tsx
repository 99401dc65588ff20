/** A reason by one tap, or in own words; lies in the page, so nothing that was entered is lost. */
import { useState } from 'react';
import { Button, Input, Label, TextField, ToggleButton, ToggleButtonGroup } from 'react-aria-components';
import type { MessageKey } from '../words/i18n.ts';
import { useWords } from '../words/use-words.ts';

interface ReasonProps {
  readonly label: string;
  readonly reasons: readonly MessageKey[];
  readonly confirm: string;
  readonly isPending: boolean;
  readonly onReason: (reason: string) => void;
  readonly onCancel: () => void;
}

const LONGEST_REASON = 300;

export function ReasonPicker({ label, reasons, confirm, isPending, onReason, onCancel }: ReasonProps) {
  const { t } = useWords();
  const [chosen, setChosen] = useState<MessageKey>();
  const [own, setOwn] = useState('');
  const reason = [chosen && t(chosen), own.trim()].filter(Boolean).join(': ');
  return (
    <div className="reasons" data-testid="reasons">
      <ToggleButtonGroup
        className="reason-choices"
        aria-label={label}
        selectionMode="single"
        selectedKeys={chosen ? [chosen] : []}
        onSelectionChange={(keys) => setChosen(reasons.find((key) => keys.has(key)))}
      >
        {reasons.map((key) => (
          <ToggleButton key={key} id={key} className="reason-choice">
            {t(key)}
          </ToggleButton>
        ))}
      </ToggleButtonGroup>
      <TextField className="field" value={own} onChange={setOwn} maxLength={LONGEST_REASON}>
        <Label className="field-label">{t('reason.own')}</Label>
        <Input className="field-input" />
      </TextField>
      <div className="reason-actions">
        <Button className="button quiet" onPress={onCancel}>
          {t('shell.back')}
        </Button>
        <Button
          className="button danger"
          data-testid="reason-confirm"
          isDisabled={reason === '' || isPending}
          onPress={() => onReason(reason)}
        >
          {confirm}
        </Button>
      </div>
    </div>
  );
}
