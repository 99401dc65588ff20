/** Open exceptions by kind: how many, how old, and what is at stake. The bars are read at a glance, the words say the same. */
import { type BoardAge, boardAges, type BoardKind } from '@truecount/protocol';
import { useWords } from '../words/use-words.ts';

export const countOf = ({ open }: BoardKind): number => boardAges.reduce((sum, age) => sum + open[age], 0);

export function OpenKinds({ kinds }: { readonly kinds: readonly BoardKind[] }) {
  const { t } = useWords();
  const most = Math.max(...kinds.map(countOf));
  return (
    <section className="panel board-kinds" aria-labelledby="kinds-title">
      <header className="board-head">
        <h2 className="panel-title" id="kinds-title">
          {t('board.kinds')}
        </h2>
        <ul className="board-legend" aria-hidden>
          {boardAges.map((age) => (
            <li key={age} data-age={age}>
              {t(`board.age-${age}`)}
            </li>
          ))}
        </ul>
      </header>
      <ul className="board-rows">
        {kinds.map((kind) => (
          <Kind key={kind.kind} kind={kind} most={most} />
        ))}
      </ul>
    </section>
  );
}

function Kind({ kind, most }: { readonly kind: BoardKind; readonly most: number }) {
  const { t, money, relative } = useWords();
  const count = countOf(kind);
  const present = boardAges.filter((age) => kind.open[age] > 0);
  const said = (age: BoardAge): string => `${t(`board.age-${age}`)}: ${kind.open[age]}`;
  return (
    <li className="board-row" data-testid="board-kind">
      <div className="board-row-words">
        <p className="board-row-name">{t(`exception.${kind.kind}`)}</p>
        <p className="board-row-hint">{t('board.oldest', { when: relative(kind.oldest) })}</p>
      </div>
      <p className="unseen">{present.map(said).join(', ')}</p>
      <div className="board-bar" aria-hidden>
        {present.map((age) => (
          <span key={age} data-age={age} style={{ width: `${(100 * kind.open[age]) / most}%` }} />
        ))}
      </div>
      <p className="board-count">{count}</p>
      <p className="board-money">{money(kind.exposure)}</p>
    </li>
  );
}
