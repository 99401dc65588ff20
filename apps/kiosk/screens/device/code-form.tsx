/** A code that the hub made for this device, typed by whoever installs it. Used once, then the device is connected. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { SetUpView } from '@truecount/protocol';
import { readEnrolmentCode } from '@truecount/protocol';
import { KeyRound } from 'lucide-react';
import { useState } from 'react';
import { Button, Form, Input, Label, TextField } from 'react-aria-components';
import { agent } from '../api/client.ts';
import { setUpQuery } from '../api/queries.ts';
import { useWords } from '../words/use-words.ts';

interface CodeFormProps {
  /** The hub's address where it is known: then only the code is asked for. */
  readonly hub: string | undefined;
  readonly onDone: (view: SetUpView) => void;
}

/** As it is typed, with the dash where the hub writes it. */
const shownCode = (typed: string): string => {
  const letters = typed
    .toUpperCase()
    .replaceAll(/[^0-9A-Z]/g, '')
    .slice(0, 8);
  return letters.length > 4 ? `${letters.slice(0, 4)}-${letters.slice(4)}` : letters;
};

export function CodeForm({ hub, onDone }: CodeFormProps) {
  const { t } = useWords();
  const queries = useQueryClient();
  const [address, setAddress] = useState(hub ?? '');
  const [code, setCode] = useState('');
  const [fingerprint, setFingerprint] = useState('');
  const enrol = useMutation({
    mutationFn: () =>
      agent.enrol({
        hub: address.trim(),
        code,
        ...(fingerprint.trim() === '' ? {} : { fingerprint: fingerprint.trim() }),
      }),
    // A code that is refused is not worth trying again by itself.
    retry: false,
    onSuccess: (view) => {
      queries.setQueryData(setUpQuery.queryKey, view);
      onDone(view);
    },
  });
  const isReady = readEnrolmentCode(code) !== undefined && address.trim().length > 2;
  return (
    <Form
      className="code-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (isReady && !enrol.isPending) enrol.mutate();
      }}
    >
      {hub === undefined && (
        <TextField value={address} onChange={setAddress} maxLength={300}>
          <Label className="field-label">{t('setup.hub')}</Label>
          <Input
            className="field-input"
            data-testid="hub-address"
            placeholder="https://hub.example:7380"
            autoComplete="off"
            spellCheck={false}
          />
        </TextField>
      )}
      <TextField value={code} onChange={(typed) => setCode(shownCode(typed))}>
        <Label className="field-label">{t('setup.code')}</Label>
        <Input
          className="field-input code-input"
          data-testid="code"
          placeholder="ABCD-EFGH"
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
        />
      </TextField>
      {hub === undefined && (
        <details className="code-more">
          <summary>{t('setup.fingerprint-more')}</summary>
          <TextField value={fingerprint} onChange={setFingerprint} maxLength={120}>
            <Label className="field-label">{t('setup.fingerprint')}</Label>
            <Input className="field-input" data-testid="fingerprint" autoComplete="off" spellCheck={false} />
          </TextField>
        </details>
      )}
      {enrol.error && (
        <p className="code-problem" role="alert" data-testid="code-problem">
          {enrol.error.message}
        </p>
      )}
      <Button
        type="submit"
        className="button primary huge"
        data-testid="enrol"
        isDisabled={!isReady}
        isPending={enrol.isPending}
      >
        <KeyRound aria-hidden size={26} strokeWidth={1.75} />
        {t(enrol.isPending ? 'setup.connecting' : 'setup.connect')}
      </Button>
    </Form>
  );
}
