/** Everything around a screen: where to go, which store this is, and how things stand. Its size never changes. */
import { useQuery } from '@tanstack/react-query';
import {
  ArrowLeftRight,
  Activity,
  BadgeCheck,
  LayoutDashboard,
  ListTodo,
  MessageCircleQuestion,
  ScanSearch,
  Rows3,
} from 'lucide-react';
import type { ComponentType, ReactNode } from 'react';
import { NavLink, Outlet } from 'react-router';
import { nowQuery } from '../api/queries.ts';
import { sayDay, sayTime } from '../words/format.ts';
import type { MessageKey } from '../words/i18n.ts';
import { useWords } from '../words/use-words.ts';
import { FirstLoad } from '../device/first-load.tsx';
import { RefusedNotice } from '../device/refused-notice.tsx';
import { IdleLock } from './idle-lock.tsx';
import { Mark } from './mark.tsx';
import { Notices } from './notices.tsx';
import { LanguageSwitch, ThemeSwitch } from '@truecount/screens/switches';
import { SessionChip } from './session-chip.tsx';
import { SyncStatus } from './sync-status.tsx';

interface Place {
  readonly to: string;
  readonly label: MessageKey;
  readonly icon: ComponentType<{ 'aria-hidden'?: boolean; size?: number; strokeWidth?: number }>;
  readonly testId: string;
}

const places: readonly Place[] = [
  { to: '/now', label: 'nav.now', icon: ListTodo, testId: 'nav-now' },
  { to: '/products', label: 'nav.look-up', icon: ScanSearch, testId: 'nav-look-up' },
  { to: '/shelf', label: 'nav.shelf', icon: Rows3, testId: 'nav-shelf' },
  { to: '/ask', label: 'nav.ask', icon: MessageCircleQuestion, testId: 'nav-ask' },
  { to: '/approve', label: 'nav.approve', icon: BadgeCheck, testId: 'nav-approve' },
  { to: '/transfers', label: 'nav.transfers', icon: ArrowLeftRight, testId: 'nav-transfers' },
  { to: '/board', label: 'nav.board', icon: LayoutDashboard, testId: 'nav-board' },
  { to: '/health', label: 'nav.health', icon: Activity, testId: 'nav-health' },
];

function Rail() {
  const { t } = useWords();
  const { data } = useQuery(nowQuery);
  const approvals = data?.approvals ?? 0;
  return (
    <nav className="rail" aria-label={t('nav.label')}>
      <div className="rail-mark" aria-hidden>
        <Mark />
      </div>
      <ul>
        {places.map(({ to, label, icon: Icon, testId }) => (
          <li key={to}>
            <NavLink to={to} className="rail-link" data-testid={testId}>
              <span className="rail-icon">
                <Icon aria-hidden size={28} strokeWidth={1.75} />
                {to === '/approve' && approvals > 0 && (
                  <span className="rail-badge" data-testid="approvals-badge">
                    <span aria-hidden>{approvals}</span>
                    <span className="unseen">{t('nav.approvals-waiting', { count: approvals })}</span>
                  </span>
                )}
              </span>
              <span>{t(label)}</span>
            </NavLink>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function TopBar() {
  const { locale, now } = useWords();
  const { data } = useQuery(nowQuery);
  return (
    <header className="top-bar">
      <div className="top-store">
        <span className="top-store-name" data-testid="store-name">
          {data?.store.name ?? ''}
        </span>
        <span className="top-day">{sayDay(now, locale)}</span>
        <time className="top-time" dateTime={new Date(now).toISOString()}>
          {sayTime(new Date(now).toISOString(), locale)}
        </time>
      </div>
      <SyncStatus />
      <SessionChip />
      <LanguageSwitch />
      <ThemeSwitch iconSize={24} />
    </header>
  );
}

export function Frame() {
  return (
    <div className="frame">
      <Rail />
      <TopBar />
      {/* A region that scrolls must be reachable by keyboard even where nothing in it can be pressed (WCAG 2.1.1). */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <main className="content" id="content" tabIndex={0}>
        <RefusedNotice />
        <FirstLoad />
        <Outlet />
      </main>
      <IdleLock />
      <Notices />
    </div>
  );
}

interface ScreenProps {
  readonly title: string;
  readonly aside?: ReactNode;
  readonly children: ReactNode;
  readonly testId: string;
}

/** A screen with its heading. */
export function Screen({ title, aside, children, testId }: ScreenProps) {
  return (
    <section className="screen" data-testid={testId} aria-label={title}>
      <div className="screen-head">
        <h1>{title}</h1>
        {aside !== undefined && <div className="screen-acts">{aside}</div>}
      </div>
      {children}
    </section>
  );
}
