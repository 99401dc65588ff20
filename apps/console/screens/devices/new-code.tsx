/** A one-time code for a device of a store; shown once, large enough to be read out. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { IssuedCode, StoreView } from '@truecount/protocol';
import { KeyRound } from 'lucide-react';
import { useState } from 'react';
import { Button, Input, Label, TextField } from 'react-aria-components';
import { hub } from '../api/client.ts';
import { Choice } from '../shell/choice.tsx';
import { useWords } from '../words/use-words.ts';

interface NewCodeProps {
  readonly stores: readonly StoreView[];
  readonly isAdmin: boolean;
}

export function NewCode({ stores, isAdmin }: NewCodeProps) {
  const { t } = useWords();
  const queries = useQueryClient();
  const [store, setStore] = useState(stores[0]?.id ?? '');
  const [device, setDevice] = useState('');
  const issue = useMutation({
    mutationFn: () => hub.issueCode({ store, ...(device.trim() === '' ? {} : { device: device.trim() }) }),
    onSuccess: () => void queries.invalidateQueries({ queryKey: ['codes'] }),
  });
  return (
    <section className="panel device-panel" aria-labelledby="new-code-title">
      <h2 className="panel-title" id="new-code-title">
        {t('code.title')}
      </h2>
      {isAdmin ? (
        <>
          <Choice
            label={t('devices.store')}
            value={store}
            options={stores.map(({ id, name }) => ({ id, name }))}
            onChange={setStore}
            testId="code-store"
            isShown
          />
          <TextField className="field" value={device} onChange={setDevice} maxLength={64}>
            <Label>{t('code.device')}</Label>
            <Input className="input" data-testid="code-device" placeholder={`${store}-agent`} />
          </TextField>
          {issue.error && (
            <p className="problem" role="alert">
              {issue.error.message}
            </p>
          )}
          <div className="acts">
            <Button
              className="button primary"
              data-testid="issue-code"
              isDisabled={issue.isPending || store === ''}
              onPress={() => issue.mutate()}
            >
              <KeyRound aria-hidden size={16} />
              {t('code.make')}
            </Button>
          </div>
          {issue.data && <Shown issued={issue.data} />}
        </>
      ) : (
        <p className="soft">{t('devices.admins-only')}</p>
      )}
    </section>
  );
}

function Shown({ issued }: { readonly issued: IssuedCode }) {
  const { t, moment } = useWords();
  return (
    <output className="code-shown" data-testid="issued-code">
      <span className="code-letters">{issued.code}</span>
      <span className="soft fine">
        {t('code.shown', { device: issued.device, when: moment(issued.expiresAt) })}
      </span>
      {issued.fingerprint !== undefined && (
        <>
          <span className="soft fine">{t('code.fingerprint')}</span>
          <span className="code-fingerprint">{issued.fingerprint}</span>
        </>
      )}
    </output>
  );
}
