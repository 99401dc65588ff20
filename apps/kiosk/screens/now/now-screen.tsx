/** The associate's home: the few most valuable things to do, best first. Scan a product, or tap a card. */
import { useMutation, useQuery } from '@tanstack/react-query';
import type { NowCard } from '@truecount/protocol';
import { CircleCheckBig } from 'lucide-react';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { agent, requestId } from '../api/client.ts';
import { nowQuery } from '../api/queries.ts';
import { scanPath } from '../product/scan-path.ts';
import { isScanOf } from '../scan/scan-reader.ts';
import { useScanner } from '../scan/use-scanner.ts';
import { Screen } from '../shell/frame.tsx';
import { useReport } from '../shell/use-report.ts';
import { Waiting } from '../shell/waiting.tsx';
import { type Words, useWords } from '../words/use-words.ts';
import { type OrderedCard, orderCards } from './card-order.ts';
import { pathOf } from './card-path.ts';
import { headingOf } from './card-words.ts';
import { TaskCard } from './now-card.tsx';
import { useHands } from './use-hands.ts';

/** What one look takes in; the rest is a list below. */
const AT_A_GLANCE = 3;

function useOrderedCards(offered: readonly NowCard[]): readonly OrderedCard<NowCard>[] {
  const isTouched = useHands();
  const [shown, setShown] = useState<readonly OrderedCard<NowCard>[]>([]);
  const [seen, setSeen] = useState({ offered, isTouched });
  const isFirst = shown.length === 0 && offered.length > 0;
  if (isFirst || seen.offered !== offered || seen.isTouched !== isTouched) {
    setSeen({ offered, isTouched });
    const next = orderCards(shown, offered, isTouched && !isFirst);
    setShown(next);
    return next;
  }
  return shown;
}

const none: readonly NowCard[] = [];

export function NowScreen() {
  const words = useWords();
  const { t } = words;
  const navigate = useNavigate();
  const report = useReport();
  const { data } = useQuery(nowQuery);
  const [done, setDone] = useState<ReadonlySet<string>>(new Set());
  const ordered = useOrderedCards(data?.cards ?? none);
  const { mutate: finish } = useMutation({
    mutationFn: ({ card, id }: { card: NowCard; id: string }) =>
      agent.taskDone(card.id, card.qty === undefined ? { id } : { id, qty: card.qty }),
    onSuccess: (_, { card }) => {
      setDone((before) => new Set([...before, card.id]));
      report.done(t('card.was-done', { what: headingOf(card, words) }), card.id);
    },
    onError: report.problem,
  });
  useScanner({
    onScan: (scan) => {
      const match = data?.cards.find(({ product }) => product && isScanOf(scan, product));
      void navigate(match ? pathOf(match) : scanPath(scan));
    },
  });
  if (!data) return <Waiting title={t('now.title')} testId="now-screen" />;
  const onDone = (card: NowCard): void => finish({ card, id: requestId() });
  return (
    <Screen title={t('now.title')} testId="now-screen" aside={<Summary cards={data.cards} words={words} />}>
      {ordered.length === 0 ? (
        <Nothing />
      ) : (
        <>
          <ul className="cards" data-testid="now-cards">
            {ordered.slice(0, AT_A_GLANCE).map(({ card, isGone }) => (
              <TaskCard
                key={card.id}
                card={card}
                isGone={isGone}
                isDone={done.has(card.id)}
                size="large"
                onDone={onDone}
              />
            ))}
          </ul>
          {ordered.length > AT_A_GLANCE && (
            <>
              <h2 className="then">{t('now.then')}</h2>
              <ul className="card-rows">
                {ordered.slice(AT_A_GLANCE).map(({ card, isGone }) => (
                  <TaskCard
                    key={card.id}
                    card={card}
                    isGone={isGone}
                    isDone={done.has(card.id)}
                    size="small"
                    onDone={onDone}
                  />
                ))}
              </ul>
            </>
          )}
        </>
      )}
    </Screen>
  );
}

function Summary({ cards, words }: { readonly cards: readonly NowCard[]; readonly words: Words }) {
  const [first] = cards;
  if (!first) return null;
  const minutes = cards.reduce((sum, card) => sum + card.minutes, 0);
  const minor = cards.reduce((sum, card) => sum + card.value.minor, 0);
  return (
    <p className="screen-aside" data-testid="now-summary">
      {words.t('now.summary', {
        count: cards.length,
        money: words.money({ minor, currency: first.value.currency }),
        minutes: words.minutes(Math.ceil(minutes)),
      })}
    </p>
  );
}

function Nothing() {
  const { t } = useWords();
  return (
    <div className="empty" data-testid="now-empty">
      <CircleCheckBig aria-hidden size={64} strokeWidth={1.25} />
      <p className="empty-line">{t('now.empty')}</p>
      <p className="empty-hint">{t('now.empty-hint')}</p>
    </div>
  );
}
