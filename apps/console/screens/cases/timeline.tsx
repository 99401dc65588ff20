/** Every fact and step of a case, newest first, with its source and age. */
import type { TimelineEntry } from '@truecount/protocol';
import { useWords } from '../words/use-words.ts';

export function Timeline({ entries }: { readonly entries: readonly TimelineEntry[] }) {
  const { t, named, relative, exactMoment } = useWords();
  const newestFirst = entries.toSorted((a, b) => b.at.localeCompare(a.at));
  return (
    <section className="panel" aria-labelledby="timeline-title">
      <h2 className="panel-title" id="timeline-title">
        {t('case.timeline')}
      </h2>
      <ol className="timeline" data-testid="timeline">
        {newestFirst.map((entry, index) => (
          <li key={`${entry.at}-${entry.source}-${index}`}>
            <p>{entry.text}</p>
            <p className="soft fine">
              <time dateTime={entry.at} title={exactMoment(entry.at)}>
                {relative(entry.at)}
              </time>{' '}
              · {named('source', entry.source)}
              {entry.actor !== entry.source && ` · ${named('exception', entry.actor)}`}
            </p>
          </li>
        ))}
      </ol>
    </section>
  );
}
