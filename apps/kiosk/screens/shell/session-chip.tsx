/** Who is signed in; one tap ends it. */
import { useQuery } from '@tanstack/react-query';
import { Lock } from 'lucide-react';
import { Button } from 'react-aria-components';
import { sessionQuery } from '../api/queries.ts';
import { useWords } from '../words/use-words.ts';
import { useSignOut } from './use-sign-out.ts';

export function SessionChip() {
  const { t } = useWords();
  const { data } = useQuery(sessionQuery);
  const signOut = useSignOut();
  if (!data?.signedIn) return null;
  return (
    <Button className="session-chip" data-testid="sign-out" onPress={signOut}>
      <Lock aria-hidden size={20} strokeWidth={1.75} />
      <span className="session-name">{data.name ?? t('session.manager')}</span>
      <span className="session-end">{t('session.lock')}</span>
    </Button>
  );
}
