/** The manager's board, behind a PIN: what is open and how old it is, what the day has brought, and how the store is connected. */
import { useQuery } from '@tanstack/react-query';
import { type BoardView, decidesInStore } from '@truecount/protocol';
import { ChevronRight, CircleAlert, CircleCheck, CircleCheckBig } from 'lucide-react';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { boardQuery, healthQuery, sessionQuery } from '../api/queries.ts';
import { PinPad } from '../shell/pin-pad.tsx';
import { Screen } from '../shell/frame.tsx';
import { Waiting } from '../shell/waiting.tsx';
import { useWords } from '../words/use-words.ts';
import { countOf, OpenKinds } from './open-kinds.tsx';

export function BoardScreen() {
  const { t } = useWords();
  const { data: session } = useQuery(sessionQuery);
  if (!session) return <Waiting title={t('board.title')} testId="board-screen" />;
  if (!session.signedIn || !decidesInStore(session.role))
    return (
      <Screen title={t('board.title')} testId="board-screen">
        <PinPad line={t('board.pin')} lockedUntil={session.lockedUntil} />
      </Screen>
    );
  return <Board />;
}

function Board() {
  const { t } = useWords();
  const { data: board } = useQuery(boardQuery);
  if (!board) return <Waiting title={t('board.title')} testId="board-screen" />;
  return (
    <Screen title={t('board.title')} testId="board-screen">
      <div className="board">
        <Day board={board} />
        <Standing />
        {board.kinds.length > 0 ? (
          <OpenKinds kinds={board.kinds} />
        ) : (
          <div className="empty" data-testid="board-empty">
            <CircleCheckBig aria-hidden size={64} strokeWidth={1.25} />
            <p className="empty-line">{t('board.empty')}</p>
          </div>
        )}
      </div>
    </Screen>
  );
}

function Day({ board: { kinds, today } }: { readonly board: BoardView }) {
  const { t, money, minutes } = useWords();
  const atStake = kinds.reduce((sum, { exposure }) => sum + exposure.minor, 0);
  const open = kinds.reduce((sum, kind) => sum + countOf(kind), 0);
  return (
    <dl className="board-figures">
      <Figure
        name={t('board.at-stake')}
        value={money({ minor: atStake, currency: today.worth.currency })}
        hint={t('board.open', { count: open })}
        testId="board-at-stake"
      />
      <Figure
        name={t('board.worth')}
        value={money(today.worth)}
        hint={`${t('board.done', { count: today.done })} · ${minutes(today.minutes)}`}
        testId="board-worth"
      />
      <Figure
        name={t('board.settled')}
        value={String(today.settled)}
        hint={t('board.found', { count: today.found })}
        testId="board-settled"
      />
    </dl>
  );
}

interface FigureProps {
  readonly name: string;
  readonly value: string;
  readonly hint: string;
  readonly testId: string;
}

function Figure({ name, value, hint, testId }: FigureProps) {
  return (
    <div className="panel board-figure" data-testid={testId}>
      <dt>{name}</dt>
      <dd className="board-value">{value}</dd>
      <dd className="board-hint">{hint}</dd>
    </div>
  );
}

/** The hub, the feeds and the self-check in a line each; the whole story is one touch away. */
function Standing() {
  const { t, relative } = useWords();
  const { data: health } = useQuery(healthQuery);
  if (!health) return null;
  const { sync, feeds, checks } = health;
  const heard = feeds.filter(({ state }) => state === 'up').length;
  const passed = checks.filter(({ ok }) => ok).length;
  return (
    <nav className="board-standing" aria-label={t('board.standing')}>
      <Line isWell={sync.online} name={t('health.hub')}>
        {sync.online ? t('health.hub-online') : t('sync.outage-since', { when: relative(sync.since) })}
      </Line>
      <Line isWell={heard === feeds.length} name={t('board.feeds')}>
        {t('board.of', { count: heard, all: feeds.length })}
      </Line>
      <Line isWell={passed === checks.length} name={t('board.checks')}>
        {t('board.of', { count: passed, all: checks.length })}
      </Line>
    </nav>
  );
}

interface LineProps {
  readonly isWell: boolean;
  readonly name: string;
  readonly children: ReactNode;
}

function Line({ isWell, name, children }: LineProps) {
  const { t } = useWords();
  const Icon = isWell ? CircleCheck : CircleAlert;
  return (
    <Link to="/health" className="panel board-line" data-well={isWell}>
      <Icon aria-hidden size={26} strokeWidth={1.75} />
      <span className="unseen">{isWell ? t('health.check-ok') : t('health.check-not-ok')}: </span>
      <span className="board-line-name">{name}</span>
      <span className="board-line-words">{children}</span>
      <ChevronRight aria-hidden size={22} strokeWidth={2} />
    </Link>
  );
}
