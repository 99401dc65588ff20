/** What a signed-in operator may decide now; a decline or an escalation says why. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { CaseDecisionRequest, CaseView } from '@truecount/protocol';
import { ArrowUpFromLine, Check, X } from 'lucide-react';
import { useState } from 'react';
import { Button, Input, Label, TextField } from 'react-aria-components';
import { hub, requestId } from '../api/client.ts';
import { caseQuery } from '../api/queries.ts';
import { Choice } from '../shell/choice.tsx';
import { useWords } from '../words/use-words.ts';

type Verdict = CaseDecisionRequest['verdict'];
const verdicts: readonly Verdict[] = ['approve', 'decline', 'escalate'];
const icons = { approve: Check, decline: X, escalate: ArrowUpFromLine } as const;
const LONGEST_REASON = 500;

export function Decision({ view }: { readonly view: CaseView }) {
  const { t } = useWords();
  const queries = useQueryClient();
  const [reason, setReason] = useState('');
  const { id } = view.case;
  const best = view.options.toSorted((a, b) => b.expected.minor - a.expected.minor);
  const [picked, setPicked] = useState('');
  const chosen =
    best.find((option) => option.id === picked) ?? best.find((option) => option.chosen) ?? best[0];
  const decide = useMutation({
    mutationFn: (verdict: Verdict) => {
      const because = reason.trim();
      return hub.decide(id, {
        id: requestId(),
        verdict,
        ...(chosen && verdict === 'approve' ? { optionId: chosen.id } : {}),
        ...(because === '' ? {} : { reason: because }),
      });
    },
    onSuccess: (answer) => {
      setReason('');
      queries.setQueryData(caseQuery(id).queryKey, answer);
      void queries.invalidateQueries({ queryKey: ['cases'] });
    },
  });
  const open = verdicts.filter((verdict) => view.allowed.includes(verdict));
  if (open.length === 0)
    return (
      <section className="panel" aria-labelledby="decision-title">
        <h2 className="panel-title" id="decision-title">
          {t('decision.title')}
        </h2>
        <p className="soft" data-testid="no-decision">
          {t('decision.none')}
        </p>
      </section>
    );
  return (
    <section className="panel decision" aria-labelledby="decision-title" data-testid="decision">
      <h2 className="panel-title" id="decision-title">
        {t('decision.title')}
      </h2>
      {chosen && open.includes('approve') ? (
        <Choice
          label={t('decision.answer')}
          value={chosen.id}
          options={best.map((option) => ({ id: option.id, name: option.text }))}
          onChange={setPicked}
          testId="decision-answer"
          isShown
        />
      ) : (
        chosen && <p>{t('decision.proposal', { text: chosen.text })}</p>
      )}
      <TextField className="field" value={reason} onChange={setReason} maxLength={LONGEST_REASON}>
        <Label>{t('decision.reason')}</Label>
        <Input className="input" data-testid="reason" />
      </TextField>
      {decide.error && (
        <p className="problem" role="alert">
          {decide.error.message}
        </p>
      )}
      <div className="acts">
        {open.map((verdict) => {
          const Icon = icons[verdict];
          return (
            <Button
              key={verdict}
              className={`button ${verdict === 'approve' ? 'primary' : 'quiet'}`}
              data-testid={verdict}
              isDisabled={decide.isPending || (verdict !== 'approve' && reason.trim() === '')}
              onPress={() => decide.mutate(verdict)}
            >
              <Icon aria-hidden size={16} />
              {t(`decision.${verdict}`)}
            </Button>
          );
        })}
      </div>
      {open.some((verdict) => verdict !== 'approve') && reason.trim() === '' && (
        <p className="soft fine">{t('decision.needs-reason')}</p>
      )}
    </section>
  );
}
