/** What can still be done about a decision that was carried out: compute it again, or take it back. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { CaseView } from '@truecount/protocol';
import { Calculator, Undo2 } from 'lucide-react';
import { useState } from 'react';
import { Button, Input, Label, TextField } from 'react-aria-components';
import { hub } from '../api/client.ts';
import { caseQuery } from '../api/queries.ts';
import { useWords } from '../words/use-words.ts';

const LONGEST_REASON = 500;

export function LookBack({ view }: { readonly view: CaseView }) {
  const { t } = useWords();
  const { id } = view.case;
  const mayUndo = view.allowed.includes('undo');
  const replay = useMutation({ mutationFn: () => hub.replay(id) });
  return (
    <section className="panel decision" aria-labelledby="look-back-title">
      <h2 className="panel-title" id="look-back-title">
        {t('undo.title')}
      </h2>
      {mayUndo && <Undo id={id} />}
      <div className="acts">
        <Button
          className="button quiet"
          data-testid="replay"
          isDisabled={replay.isPending}
          onPress={() => replay.mutate()}
        >
          <Calculator aria-hidden size={16} />
          {t('replay.do')}
        </Button>
      </div>
      <output data-testid="replay-verdict">
        {replay.data && (
          <p className={replay.data.same ? 'soft' : 'problem'}>
            {replay.data.same
              ? t('replay.same', { count: replay.data.rounds })
              : t('replay.differs', { problem: replay.data.problem ?? '' })}
          </p>
        )}
        {replay.error && <p className="problem">{replay.error.message}</p>}
      </output>
    </section>
  );
}

function Undo({ id }: { readonly id: string }) {
  const { t } = useWords();
  const queries = useQueryClient();
  const [reason, setReason] = useState('');
  const undo = useMutation({
    mutationFn: () => hub.undo(id, reason.trim()),
    onSuccess: (answer) => {
      setReason('');
      queries.setQueryData(caseQuery(id).queryKey, answer);
      void queries.invalidateQueries({ queryKey: ['cases'] });
    },
  });
  return (
    <>
      <p className="soft fine">{t('undo.hint')}</p>
      <TextField className="field" value={reason} onChange={setReason} maxLength={LONGEST_REASON}>
        <Label>{t('undo.reason')}</Label>
        <Input className="input" data-testid="undo-reason" />
      </TextField>
      {undo.error && (
        <p className="problem" role="alert">
          {undo.error.message}
        </p>
      )}
      <div className="acts">
        <Button
          className="button quiet"
          data-testid="undo"
          isDisabled={undo.isPending || reason.trim() === ''}
          onPress={() => undo.mutate()}
        >
          <Undo2 aria-hidden size={16} />
          {t('undo.do')}
        </Button>
      </div>
    </>
  );
}
