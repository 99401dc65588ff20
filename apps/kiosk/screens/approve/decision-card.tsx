/** One transfer to decide: what leaves, what it saves, how sure, the donor's risk, the alternatives, the wait. */
import { useMutation } from '@tanstack/react-query';
import type { DecisionRequest, TransferView } from '@truecount/protocol';
import { ArrowRight, Check, Clock3, LockKeyhole, X } from 'lucide-react';
import { useState } from 'react';
import { Button } from 'react-aria-components';
import { agent, requestId } from '../api/client.ts';
import { QuantityField } from '../shell/quantity-field.tsx';
import { ReasonPicker } from '../shell/reason-picker.tsx';
import { useReport } from '../shell/use-report.ts';
import { useWords } from '../words/use-words.ts';
import { Alternatives } from './alternatives.tsx';
import { netOf } from './net-value.ts';
import { becauseOf, otherwiseOf } from './reasons.ts';
import { Sureness } from './sureness.tsx';

type Verdict = Pick<DecisionRequest, 'verdict' | 'qty' | 'reason' | 'id'>;

export function DecisionCard({ view }: { readonly view: TransferView }) {
  const words = useWords();
  const { t, money } = words;
  const report = useReport();
  const { transfer } = view;
  const [qty, setQty] = useState(transfer.qty);
  const [mode, setMode] = useState<'decide' | 'decline' | 'quantity'>('decide');
  const decision = useMutation({
    mutationFn: (verdict: Verdict) => agent.decide(transfer.id, verdict),
    onSuccess: (_, { verdict }) =>
      report.done(
        t(verdict === 'approve' ? 'approve.approved' : 'approve.declined', { name: transfer.name }),
      ),
    onError: report.problem,
  });
  const decide = (verdict: Omit<Verdict, 'id'>): void => decision.mutate({ id: requestId(), ...verdict });
  return (
    <article className="decision" data-testid="decision-card" data-transfer={transfer.id}>
      <div className="decision-main">
        <section className="panel decision-what">
          <p className="route">
            <span className="route-store" data-here={view.side === 'donor' || undefined}>
              {transfer.fromName}
            </span>
            <ArrowRight aria-hidden size={24} strokeWidth={2} />
            <span className="unseen">{t('approve.to')}</span>
            <span className="route-store" data-here={view.side === 'receiver' || undefined}>
              {transfer.toName}
            </span>
            <span className="decision-due">
              <Clock3 aria-hidden size={18} strokeWidth={2} />
              {t('approve.decide', { when: words.relative(transfer.dueAt) })}
            </span>
          </p>
          <h2 className="decision-title" data-testid="decision-title">
            <span className="decision-qty">{qty}</span> × {transfer.name}
          </h2>
          <p className="decision-because">{becauseOf(transfer, words)}</p>
          <dl className="decision-money">
            <div>
              <dt>{t('approve.saves')}</dt>
              <dd>{money(transfer.value)}</dd>
            </div>
            <div>
              <dt>{t('approve.costs')}</dt>
              <dd>−{money(transfer.cost)}</dd>
            </div>
            <div>
              <dt>{t('approve.donor-loss')}</dt>
              <dd>−{money(transfer.donorLoss)}</dd>
            </div>
            <div className="decision-net">
              <dt>{t('approve.net')}</dt>
              <dd data-testid="decision-net">{money(netOf(transfer))}</dd>
            </div>
          </dl>
          {qty !== transfer.qty && (
            <p className="quiet-line">{t('approve.for-proposed', { count: transfer.qty })}</p>
          )}
        </section>
        <section className="panel otherwise">
          <h3 className="panel-title">{t('approve.otherwise')}</h3>
          <p>{otherwiseOf(transfer, words)}</p>
        </section>
      </div>
      <div className="decision-side">
        <section className="panel">
          <h3 className="panel-title">{t('approve.how-sure')}</h3>
          <Sureness
            label={t('approve.donor-has', { store: transfer.fromName, count: transfer.qty })}
            probability={transfer.donorConfidence}
            isGood
          />
          <Sureness
            label={t('approve.receiver-out', { store: transfer.toName })}
            probability={transfer.receiverRisk}
            isGood={false}
          />
          <p className="quiet-line">
            {t('approve.here', {
              number: words.number(view.record, 1),
              percent: words.percent(view.confidence),
            })}
          </p>
        </section>
        <section className="panel">
          <h3 className="panel-title">{t('approve.alternatives')}</h3>
          <Alternatives transfer={transfer} />
        </section>
      </div>
      <div className="decision-acts" data-mode={mode}>
        {view.blocked ? (
          <output className="blocked" data-testid="decision-blocked">
            <LockKeyhole aria-hidden size={26} strokeWidth={1.75} />
            {view.blocked}
          </output>
        ) : mode === 'decline' ? (
          <ReasonPicker
            label={t('approve.why-decline')}
            reasons={['reason.need-it-here', 'reason.not-found', 'reason.too-costly', 'reason.wrong']}
            confirm={t('approve.decline')}
            isPending={decision.isPending}
            onReason={(reason) => decide({ verdict: 'decline', reason })}
            onCancel={() => setMode('decide')}
          />
        ) : (
          <>
            <Button
              className="button quiet big"
              data-testid="decline"
              onPress={() => setMode('decline')}
              isDisabled={decision.isPending}
            >
              <X aria-hidden size={26} strokeWidth={2} />
              {t('approve.decline')}
            </Button>
            {mode === 'quantity' ? (
              <QuantityField
                label={t('approve.quantity')}
                value={qty}
                min={1}
                max={transfer.qty}
                onChange={setQty}
              />
            ) : (
              <Button
                className="button quiet big"
                data-testid="change-quantity"
                isDisabled={transfer.qty === 1 || decision.isPending}
                onPress={() => setMode('quantity')}
              >
                {t('approve.change-quantity')}
              </Button>
            )}
            <Button
              className="button primary huge"
              data-testid="approve"
              isDisabled={decision.isPending}
              onPress={() => decide({ verdict: 'approve', qty })}
            >
              <Check aria-hidden size={30} strokeWidth={2.25} />
              {t('approve.approve', { count: qty })}
            </Button>
          </>
        )}
      </div>
    </article>
  );
}
