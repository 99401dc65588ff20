/** A page whose first answer is not here yet, or could not be had. */
import { useWords } from '../words/use-words.ts';

export function Pending({ error }: { readonly error: Error | null }) {
  const { t } = useWords();
  return <output className="waiting">{error ? error.message : t('shell.waiting')}</output>;
}
