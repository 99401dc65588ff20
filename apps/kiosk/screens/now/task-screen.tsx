/** One task in full: every reason with its time, the quantity where there is one, done or not needed. */
import { useMutation, useQuery } from '@tanstack/react-query';
import type { NowCard } from '@truecount/protocol';
import { ArrowLeft, Check, MapPin, MessageCircleQuestion } from 'lucide-react';
import { useState } from 'react';
import { Button } from 'react-aria-components';
import { Navigate, useNavigate, useParams } from 'react-router';
import { agent, requestId } from '../api/client.ts';
import { nowQuery } from '../api/queries.ts';
import { likelyCauseOf } from '../cause/cause-words.ts';
import { EvidenceList } from '../product/evidence-list.tsx';
import { Screen } from '../shell/frame.tsx';
import { QuantityField } from '../shell/quantity-field.tsx';
import { ReasonPicker } from '../shell/reason-picker.tsx';
import { useReport } from '../shell/use-report.ts';
import { Waiting } from '../shell/waiting.tsx';
import { useWords } from '../words/use-words.ts';
import { cardIcons, headingOf, placeOf, seenOf, sureOf } from './card-words.ts';

export function TaskScreen() {
  const { t } = useWords();
  const { id } = useParams();
  const { data } = useQuery(nowQuery);
  // The task stays on screen while somebody works on it, even when the agent has withdrawn it meanwhile.
  const [kept, setKept] = useState<NowCard>();
  const offered = data?.cards.find((card) => card.id === id);
  if (offered && offered !== kept) setKept(offered);
  const card = offered ?? kept;
  if (!data) return <Waiting title={t('now.title')} testId="task-screen" />;
  return card ? <OpenTask card={card} /> : <Navigate to="/now" replace />;
}

function OpenTask({ card }: { readonly card: NowCard }) {
  const words = useWords();
  const { t } = words;
  const navigate = useNavigate();
  const report = useReport();
  const [qty, setQty] = useState(card.qty);
  const [isDismissing, setDismissing] = useState(false);
  const heading = headingOf(card, words);
  const leave = (): void => void navigate('/now');
  const finish = useMutation({
    mutationFn: (id: string) => agent.taskDone(card.id, qty === undefined ? { id } : { id, qty }),
    onSuccess: () => {
      report.done(t('card.was-done', { what: heading }), card.id);
      leave();
    },
    onError: report.problem,
  });
  const dismiss = useMutation({
    mutationFn: (reason: string) => agent.dismiss(card.id, reason),
    onSuccess: () => {
      report.done(t('task.was-dismissed', { what: heading }), card.id);
      leave();
    },
    onError: report.problem,
  });
  const Icon = cardIcons[card.kind];
  const likelyCause = likelyCauseOf(card, words);
  return (
    <Screen
      title={`${t(`task.${card.kind}`)}: ${heading}`}
      testId="task-screen"
      aside={
        <>
          {card.exceptionId !== undefined && <AskButton exceptionId={card.exceptionId} />}
          <BackButton onPress={leave} />
        </>
      }
    >
      <div className="task">
        <div className="panel">
          <p className="card-place">
            <MapPin aria-hidden size={20} strokeWidth={1.75} />
            {placeOf(card, words)}
          </p>
          <p className="task-sure">{sureOf(card, words)}</p>
          {likelyCause !== undefined && <p className="task-cause">{likelyCause}</p>}
          <EvidenceList evidence={seenOf(card)} />
        </div>
        <div className="panel task-act">
          <Icon aria-hidden size={48} strokeWidth={1.25} className="task-icon" />
          {qty !== undefined && (
            <QuantityField label={t('task.quantity')} value={qty} max={9999} onChange={setQty} />
          )}
          <Button
            className="button primary huge"
            data-testid="task-done"
            isDisabled={finish.isPending}
            onPress={() => finish.mutate(requestId())}
          >
            <Check aria-hidden size={28} strokeWidth={2} />
            {t('card.done')}
          </Button>
          {isDismissing ? (
            <ReasonPicker
              label={t('task.why-dismiss')}
              reasons={['reason.not-found', 'reason.no-time', 'reason.already-done', 'reason.wrong']}
              confirm={t('task.dismiss')}
              isPending={dismiss.isPending}
              onReason={(reason) => dismiss.mutate(reason)}
              onCancel={() => setDismissing(false)}
            />
          ) : (
            <Button className="button quiet" data-testid="task-dismiss" onPress={() => setDismissing(true)}>
              {t('task.dismiss')}
            </Button>
          )}
        </div>
      </div>
    </Screen>
  );
}

export function BackButton({ onPress }: { readonly onPress: () => void }) {
  const { t } = useWords();
  return (
    <Button className="button quiet" data-testid="back" onPress={onPress}>
      <ArrowLeft aria-hidden size={24} strokeWidth={2} />
      {t('shell.back')}
    </Button>
  );
}

function AskButton({ exceptionId }: { readonly exceptionId: string }) {
  const { t } = useWords();
  const navigate = useNavigate();
  return (
    <Button
      className="button quiet"
      data-testid="task-ask"
      onPress={() => void navigate(`/ask?exception=${encodeURIComponent(exceptionId)}`)}
    >
      <MessageCircleQuestion aria-hidden size={24} strokeWidth={1.75} />
      {t('nav.ask')}
    </Button>
  );
}
