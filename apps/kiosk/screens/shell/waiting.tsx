/** A screen whose first answer is not here yet; quiet, and in the place where the answer will be. */
import { useWords } from '../words/use-words.ts';
import { Screen } from './frame.tsx';

export function Waiting({ title, testId }: { readonly title: string; readonly testId: string }) {
  const { t } = useWords();
  return (
    <Screen title={title} testId={testId}>
      <output className="waiting">{t('shell.waiting')}</output>
    </Screen>
  );
}
