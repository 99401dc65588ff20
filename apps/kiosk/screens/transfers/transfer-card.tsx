/** One transfer: its way, how far it is, and this store's next step with the quantity really handled. */
import { useMutation } from '@tanstack/react-query';
import type { TransferView } from '@truecount/protocol';
import { ArrowRight, Check } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { Button } from 'react-aria-components';
import { useNavigate } from 'react-router';
import { agent, requestId } from '../api/client.ts';
import { becauseOf } from '../approve/reasons.ts';
import { QuantityField } from '../shell/quantity-field.tsx';
import { useReport } from '../shell/use-report.ts';
import { useWords, type Words } from '../words/use-words.ts';
import { type DoableStep, isOver, isStopped, nextStep, stageName } from './stages.ts';
import { Stepper } from './stepper.tsx';

interface CardProps {
  readonly view: TransferView;
  readonly isChosen: boolean;
}

export function TransferCard({ view, isChosen }: CardProps) {
  const words = useWords();
  const { t, money } = words;
  const navigate = useNavigate();
  const { transfer, stage } = view;
  const card = useRef<HTMLLIElement>(null);
  const step = nextStep(view.next);
  useEffect(() => {
    if (isChosen) card.current?.scrollIntoView({ block: 'center' });
  }, [isChosen]);
  return (
    <li
      ref={card}
      className="transfer"
      data-testid="transfer"
      data-transfer={transfer.id}
      data-stage={stage}
      data-chosen={isChosen || undefined}
      data-over={isOver(stage) || undefined}
    >
      <div className="transfer-head">
        <h2 className="transfer-title">
          {unitsOf(view)} × {transfer.name}
        </h2>
        <p className="route">
          <span className="route-store" data-here={view.side === 'donor' || undefined}>
            {transfer.fromName}
          </span>
          <ArrowRight aria-hidden size={20} strokeWidth={2} />
          <span className="unseen">{t('approve.to')}</span>
          <span className="route-store" data-here={view.side === 'receiver' || undefined}>
            {transfer.toName}
          </span>
        </p>
        <p className="transfer-value">{money(transfer.value)}</p>
      </div>
      {isOver(stage) ? (
        <span className="tag over">{t(`stage.${stageName(transfer, stage)}`)}</span>
      ) : (
        <Stepper view={view} />
      )}
      <div className="transfer-foot">
        <p className="transfer-line">{lineOf(view, words)}</p>
        {view.awaitsDecision && (
          <Button
            className="button primary"
            data-testid="to-approve"
            onPress={() => void navigate('/approve')}
          >
            {t('transfers.to-approve')}
          </Button>
        )}
      </div>
      {step && <NextStep key={step} view={view} step={step} />}
    </li>
  );
}

/** The latest number anybody reported. */
function unitsOf({ transfer }: TransferView): number {
  const { donor, receiver } = transfer;
  return (
    receiver?.received?.qty ??
    donor?.shipped?.qty ??
    donor?.picked?.qty ??
    (donor?.decision?.verdict === 'approve' ? donor.decision.qty : undefined) ??
    transfer.qty
  );
}

function lineOf({ transfer, stage }: TransferView, words: Words): string {
  const { t } = words;
  const { donor, hub } = transfer;
  if (stage === 'declined')
    return t('transfers.line-declined', {
      by: donor?.decision?.by ?? '',
      reason: donor?.decision?.reason ?? t('transfers.no-reason'),
    });
  if (stage === 'refused')
    return t(donor?.decision ? 'transfers.line-refused' : 'transfers.line-withdrawn', {
      reason: hub?.refused?.why ? words.evidence(hub.refused.why) : (hub?.refused?.reason ?? ''),
    });
  if (stage === 'closed' && (hub?.closed?.shortUnits ?? 0) > 0)
    return t('transfers.line-short', { count: hub?.closed?.shortUnits ?? 0 });
  return isStopped(stage) ? t('transfers.line-expired') : becauseOf(transfer, words);
}

function NextStep({ view, step }: { readonly view: TransferView; readonly step: DoableStep }) {
  const { t } = useWords();
  const report = useReport();
  const expected = unitsOf(view);
  const [qty, setQty] = useState(expected);
  const { transfer } = view;
  const done = useMutation({
    mutationFn: (id: string) => agent.step(transfer.id, { id, step, qty }),
    onSuccess: () => report.done(t(`transfers.was-${step}`, { count: qty, name: transfer.name })),
    onError: report.problem,
  });
  return (
    <div className="transfer-step">
      <QuantityField label={t(`transfers.how-many-${step}`)} value={qty} max={expected} onChange={setQty} />
      <Button
        className="button primary big"
        data-testid={`step-${step}`}
        isDisabled={done.isPending}
        onPress={() => done.mutate(requestId())}
      >
        <Check aria-hidden size={26} strokeWidth={2} />
        {t(`transfers.do-${step}`, { count: qty })}
      </Button>
    </div>
  );
}
