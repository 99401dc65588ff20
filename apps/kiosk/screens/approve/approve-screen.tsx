/** The manager's decisions: behind a PIN, one per card, everything needed in one look. */
import { useQuery } from '@tanstack/react-query';
import { decidesInStore, type TransferView } from '@truecount/protocol';
import { ChevronLeft, ChevronRight, CircleCheckBig } from 'lucide-react';
import { useState } from 'react';
import { Button, Group } from 'react-aria-components';
import { sessionQuery, transfersQuery } from '../api/queries.ts';
import { Screen } from '../shell/frame.tsx';
import { Waiting } from '../shell/waiting.tsx';
import { useWords } from '../words/use-words.ts';
import { PinPad } from '../shell/pin-pad.tsx';
import { DecisionCard } from './decision-card.tsx';

export function ApproveScreen() {
  const { t } = useWords();
  const { data: session } = useQuery(sessionQuery);
  const { data: transfers } = useQuery(transfersQuery);
  if (!session || !transfers) return <Waiting title={t('approve.title')} testId="approve-screen" />;
  const waiting = transfers.filter((view) => view.awaitsDecision);
  if (!session.signedIn || !decidesInStore(session.role))
    return (
      <Screen title={t('approve.title')} testId="approve-screen">
        <PinPad
          line={waiting.length > 0 ? t('pin.waiting', { count: waiting.length }) : t('pin.nothing-waiting')}
          lockedUntil={session.lockedUntil}
        />
      </Screen>
    );
  return <Decisions waiting={waiting} />;
}

function Decisions({ waiting }: { readonly waiting: readonly TransferView[] }) {
  const { t } = useWords();
  // The chosen one stays on screen while others come and go around it.
  const [chosenId, setChosenId] = useState<string>();
  const found = waiting.findIndex((view) => view.transfer.id === chosenId);
  const index = found === -1 ? 0 : found;
  const view = waiting[index];
  if (!view)
    return (
      <Screen title={t('approve.title')} testId="approve-screen">
        <div className="empty" data-testid="approve-empty">
          <CircleCheckBig aria-hidden size={64} strokeWidth={1.25} />
          <p className="empty-line">{t('approve.empty')}</p>
          <p className="empty-hint">{t('approve.empty-hint')}</p>
        </div>
      </Screen>
    );
  const choose = (at: number): void => setChosenId(waiting[at]?.transfer.id);
  const pager = waiting.length > 1 && (
    <Group className="pager" aria-label={t('approve.pager')}>
      <Button
        className="icon-button"
        aria-label={t('approve.previous')}
        isDisabled={index === 0}
        onPress={() => choose(index - 1)}
      >
        <ChevronLeft aria-hidden size={28} strokeWidth={2} />
      </Button>
      <span className="pager-at">{t('approve.at', { index: index + 1, count: waiting.length })}</span>
      <Button
        className="icon-button"
        aria-label={t('approve.next')}
        data-testid="approve-next"
        isDisabled={index === waiting.length - 1}
        onPress={() => choose(index + 1)}
      >
        <ChevronRight aria-hidden size={28} strokeWidth={2} />
      </Button>
    </Group>
  );
  return (
    <Screen title={t('approve.title')} testId="approve-screen" aside={pager}>
      <DecisionCard key={view.transfer.id} view={view} />
    </Screen>
  );
}
