/** How far a transfer is: the stage in words over one tick per step. */
import type { HubTransferView } from '@truecount/protocol';
import { useWords } from '../words/use-words.ts';
import { isStopped, progressOf, stageName, steps } from './stages.ts';

export function Progress({ view: { transfer, stage } }: { readonly view: HubTransferView }) {
  const { t } = useWords();
  const reason = transfer.hub?.refused?.reason ?? transfer.donor?.decision?.reason;
  const short = transfer.hub?.closed?.shortUnits ?? 0;
  return (
    <span className="progress" data-stage={stage} data-stopped={isStopped(stage) || undefined}>
      <span className="progress-name">
        {t(`stage.${stageName(transfer, stage)}`)}
        {short > 0 && <span className="problem"> {t('transfers.short', { count: short })}</span>}
      </span>
      {isStopped(stage) ? (
        <span className="soft fine">{reason}</span>
      ) : (
        <span className="ticks" aria-hidden>
          {steps.map((step, at) => (
            <span key={step} className="tick" data-done={at <= progressOf(stage) || undefined} />
          ))}
        </span>
      )}
    </span>
  );
}
