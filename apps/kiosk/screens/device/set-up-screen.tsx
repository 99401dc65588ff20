/** The first screen of a device that belongs to no store yet: where its code comes from, and the code. */
import { useQuery } from '@tanstack/react-query';
import type { SetUpView } from '@truecount/protocol';
import { CircleCheck } from 'lucide-react';
import { useEffect } from 'react';
import { agent } from '../api/client.ts';
import { LanguageSwitch, ThemeSwitch } from '@truecount/screens/switches';
import { Mark } from '../shell/mark.tsx';
import { useWords } from '../words/use-words.ts';
import { CodeForm } from './code-form.tsx';

/** While the agent starts at the address where the set-up answered. */
const LOOK_MS = 500;

export function SetUpScreen({ view }: { readonly view: SetUpView }) {
  const { t } = useWords();
  return (
    <div className="set-up" data-testid="set-up-screen">
      <header className="set-up-bar">
        <span className="set-up-brand">
          <Mark /> Truecount
        </span>
        <LanguageSwitch />
        <ThemeSwitch iconSize={24} />
      </header>
      <main className="set-up-body">
        {view.state === 'done' ? (
          <Starting name={view.store?.name ?? ''} />
        ) : (
          <>
            <section className="set-up-words">
              <h1>{t('setup.title')}</h1>
              <p className="set-up-lead">{t('setup.lead')}</p>
              <ol className="set-up-steps">
                {(['setup.step-ask', 'setup.step-type', 'setup.step-done'] as const).map((step, at) => (
                  <li key={step}>
                    <span className="set-up-number" aria-hidden>
                      {at + 1}
                    </span>
                    {t(step)}
                  </li>
                ))}
              </ol>
            </section>
            <section className="panel set-up-panel" aria-label={t('setup.code')}>
              <CodeForm hub={view.hub} onDone={() => undefined} />
            </section>
          </>
        )}
      </main>
    </div>
  );
}

/** The page is loaded anew when the store's agent answers, so that every screen begins with its data. */
function Starting({ name }: { readonly name: string }) {
  const { t } = useWords();
  const { data } = useQuery({
    queryKey: ['starting'],
    queryFn: ({ signal }) => agent.health(signal),
    refetchInterval: LOOK_MS,
    retry: false,
  });
  useEffect(() => {
    if (data) window.location.replace('/');
  }, [data]);
  return (
    <section className="set-up-done" aria-live="polite" data-testid="set-up-done">
      <CircleCheck aria-hidden size={72} strokeWidth={1.25} />
      <h1>{t('setup.done', { store: name })}</h1>
      <p className="set-up-lead">{t('setup.starting')}</p>
    </section>
  );
}
