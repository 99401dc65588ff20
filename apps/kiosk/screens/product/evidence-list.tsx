/** Facts with their time, newest or best first as given. */
import type { Evidence } from '@truecount/protocol';
import { useWords } from '../words/use-words.ts';

export function EvidenceList({ evidence }: { readonly evidence: readonly Evidence[] }) {
  const words = useWords();
  if (evidence.length === 0) return <p className="quiet-line">{words.t('product.no-evidence')}</p>;
  return (
    <ol className="evidence" data-testid="evidence">
      {evidence.map((fact, index) => (
        // Two facts may share code and time; the list is replaced as a whole.
        <li key={`${fact.code}-${fact.at}-${index}`}>
          <span className="evidence-text">{words.evidence(fact)}</span>
          <time className="evidence-time" dateTime={fact.at} title={words.moment(fact.at)}>
            {words.relative(fact.at)}
          </time>
        </li>
      ))}
    </ol>
  );
}
