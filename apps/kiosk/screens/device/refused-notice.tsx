/** The hub does not take this device: said on every screen, with what goes on here and what to do. */
import { useQuery } from '@tanstack/react-query';
import { ArrowRight, ShieldAlert } from 'lucide-react';
import { Link, useLocation } from 'react-router';
import { nowQuery } from '../api/queries.ts';
import { useWords } from '../words/use-words.ts';

export function RefusedNotice() {
  const { t } = useWords();
  const { data } = useQuery(nowQuery);
  const { pathname } = useLocation();
  const because = data?.sync.refusedBecause;
  const waiting = data?.sync.waiting ?? 0;
  if (because === undefined || pathname === '/device') return null;
  return (
    <aside className="refused" role="alert" data-testid="refused" data-because={because}>
      <ShieldAlert aria-hidden size={30} strokeWidth={1.75} />
      <p className="refused-words">
        <strong>{t(`refused.${because}`)}</strong>
        <span>{waiting > 0 ? t('refused.goes-on', { count: waiting }) : t('refused.goes-on-sent')}</span>
      </p>
      <Link to="/device" className="button quiet" data-testid="refused-more">
        {t('refused.what-to-do')}
        <ArrowRight aria-hidden size={22} strokeWidth={2} />
      </Link>
    </aside>
  );
}
