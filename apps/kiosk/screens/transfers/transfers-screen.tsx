/** Every transfer this store has a part in, and the next step where it is this store's turn. */
import { useQuery } from '@tanstack/react-query';
import type { TransferView } from '@truecount/protocol';
import { ArrowLeftRight } from 'lucide-react';
import { useSearchParams } from 'react-router';
import { transfersQuery } from '../api/queries.ts';
import { Screen } from '../shell/frame.tsx';
import { Waiting } from '../shell/waiting.tsx';
import { useWords } from '../words/use-words.ts';
import { isOver, nextStep } from './stages.ts';
import { TransferCard } from './transfer-card.tsx';

/** This store's turn first, then what is under way, then what is over; newest first within each. */
function rank(view: TransferView): number {
  if (nextStep(view.next) || view.awaitsDecision) return 0;
  return isOver(view.stage) ? 2 : 1;
}

const inOrder = (views: readonly TransferView[]): readonly TransferView[] =>
  [...views].sort((a, b) => rank(a) - rank(b) || b.transfer.proposedAt.localeCompare(a.transfer.proposedAt));

export function TransfersScreen() {
  const { t } = useWords();
  const [search] = useSearchParams();
  const { data } = useQuery(transfersQuery);
  if (!data) return <Waiting title={t('transfers.title')} testId="transfers-screen" />;
  const mine = data.filter((view) => nextStep(view.next)).length;
  return (
    <Screen
      title={t('transfers.title')}
      testId="transfers-screen"
      aside={<p className="screen-aside">{t('transfers.summary', { count: mine })}</p>}
    >
      {data.length === 0 ? (
        <div className="empty">
          <ArrowLeftRight aria-hidden size={64} strokeWidth={1.25} />
          <p className="empty-line">{t('transfers.empty')}</p>
        </div>
      ) : (
        <ul className="transfers">
          {inOrder(data).map((view) => (
            <TransferCard
              key={view.transfer.id}
              view={view}
              isChosen={view.transfer.id === search.get('id')}
            />
          ))}
        </ul>
      )}
    </Screen>
  );
}
