/** How far a transfer under way is. */
import type { TransferView } from '@truecount/protocol';
import { Check } from 'lucide-react';
import { useWords } from '../words/use-words.ts';
import { steps, stepState } from './stages.ts';

export function Stepper({ view: { transfer, stage } }: { readonly view: TransferView }) {
  const { t, moment } = useWords();
  const { donor, receiver, hub } = transfer;
  const times: Readonly<Record<(typeof steps)[number], string | undefined>> = {
    proposed: transfer.proposedAt,
    approved: donor?.decision?.at,
    picked: donor?.picked?.at,
    shipped: donor?.shipped?.at,
    received: receiver?.received?.at,
    closed: hub?.closed?.at,
  };
  return (
    <ol className="stepper" aria-label={t('transfers.progress')}>
      {steps.map((step) => {
        const state = stepState(step, stage);
        return (
          <li
            key={step}
            className="step"
            data-state={state}
            aria-current={state === 'current' ? 'step' : undefined}
          >
            <span className="step-dot" aria-hidden>
              {state === 'done' && <Check size={16} strokeWidth={3} />}
            </span>
            <span className="step-name">{t(`stage.${step}`)}</span>
            <span className="step-time">{times[step] ? moment(times[step]) : ''}</span>
          </li>
        );
      })}
    </ol>
  );
}
