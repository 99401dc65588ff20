/** Everything around a page: where to go, whether the page is live, who is signed in. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { HubSessionView } from '@truecount/protocol';
import {
  ArrowLeftRight,
  FileLock2,
  FolderOpen,
  Gauge,
  LogOut,
  type LucideIcon,
  MonitorSmartphone,
  Route as RouteIcon,
  ScrollText,
  Store,
} from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import { Button } from 'react-aria-components';
import { NavLink, Outlet } from 'react-router';
import { hub } from '../api/client.ts';
import { followChanges } from '../api/live.ts';
import { sessionQuery, storesQuery } from '../api/queries.ts';
import type { MessageKey } from '../words/i18n.ts';
import { useWords } from '../words/use-words.ts';
import { Mark } from './mark.tsx';
import { LanguageSwitch, ThemeSwitch } from '@truecount/screens/switches';

const places: readonly { readonly to: string; readonly label: MessageKey; readonly icon: LucideIcon }[] = [
  { to: '/stores', label: 'nav.stores', icon: Store },
  { to: '/cases', label: 'nav.cases', icon: FolderOpen },
  { to: '/plan', label: 'nav.plan', icon: RouteIcon },
  { to: '/transfers', label: 'nav.transfers', icon: ArrowLeftRight },
  { to: '/policies', label: 'nav.policies', icon: ScrollText },
  { to: '/devices', label: 'nav.devices', icon: MonitorSmartphone },
  { to: '/trust', label: 'nav.trust', icon: Gauge },
  { to: '/audit', label: 'nav.audit', icon: FileLock2 },
];

function useLive(): boolean {
  const queries = useQueryClient();
  const [isLive, setLive] = useState(false);
  useEffect(() => {
    const stop = new AbortController();
    followChanges(queries, setLive, stop.signal);
    return () => stop.abort();
  }, [queries]);
  return isLive;
}

export function Frame({ session }: { readonly session: HubSessionView }) {
  const { t, named } = useWords();
  const queries = useQueryClient();
  const isLive = useLive();
  const { data: stores } = useQuery(storesQuery);
  const openCases = stores?.reduce((sum, { openCases: count }) => sum + count, 0) ?? 0;
  const signOut = useMutation({
    mutationFn: () => hub.signOut(),
    onSettled: () => {
      queries.clear();
      queries.setQueryData(sessionQuery.queryKey, { signedIn: false });
    },
  });
  return (
    <div className="frame">
      <aside className="side">
        <p className="brand">
          <Mark size={28} /> Truecount
        </p>
        <nav aria-label={t('nav.label')}>
          <ul>
            {places.map(({ to, label, icon: Icon }) => (
              <li key={to}>
                <NavLink to={to} className="side-link" data-testid={`nav-${to.slice(1)}`}>
                  <Icon aria-hidden size={18} strokeWidth={1.75} />
                  {t(label)}
                  {to === '/cases' && openCases > 0 && <span className="side-count">{openCases}</span>}
                </NavLink>
              </li>
            ))}
          </ul>
        </nav>
        <div className="side-foot">
          <output className="live" data-live={isLive} data-testid="live">
            {isLive ? t('shell.live') : t('shell.not-live')}
          </output>
          <div className="side-switches">
            <LanguageSwitch />
            <ThemeSwitch iconSize={18} />
          </div>
          <div className="who">
            <span className="who-words">
              <span className="who-name">{session.name ?? t('shell.operator')}</span>
              {session.role && <span className="soft">{named('role', session.role)}</span>}
            </span>
            <Button
              className="icon-button"
              data-testid="sign-out"
              aria-label={t('shell.sign-out')}
              onPress={() => signOut.mutate()}
            >
              <LogOut aria-hidden size={18} />
            </Button>
          </div>
        </div>
      </aside>
      <main className="content">
        <Outlet />
      </main>
    </div>
  );
}

interface PageProps {
  readonly title: string;
  readonly testId: string;
  readonly lead?: ReactNode;
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}

export function Page({ title, testId, lead, aside, children }: PageProps) {
  return (
    <section className="page" aria-label={title} data-testid={testId}>
      {lead}
      <header className="page-head">
        <h1>{title}</h1>
        {aside}
      </header>
      {children}
    </section>
  );
}
