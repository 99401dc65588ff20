/** The other answers that were scored, on the same scale as the proposal, best first. */
import type { Money, Transfer } from '@truecount/protocol';
import { useWords } from '../words/use-words.ts';
import { netOf } from './net-value.ts';

interface Scored {
  readonly key: string;
  readonly text: string;
  readonly value: Money;
  readonly success: number;
  readonly isProposal: boolean;
}

export function Alternatives({ transfer }: { readonly transfer: Transfer }) {
  const { t, money, percent, evidence } = useWords();
  const proposal: Scored = {
    key: 'proposal',
    text: t('approve.this', { count: transfer.qty }),
    value: netOf(transfer),
    success: transfer.donorConfidence,
    isProposal: true,
  };
  const others = transfer.alternatives.map(
    ({ option, text, what, value, successProbability }, index): Scored => ({
      key: `${option}-${index}`,
      text: what === undefined ? text : evidence(what),
      value,
      success: successProbability,
      isProposal: false,
    }),
  );
  const scored = [proposal, ...others].sort((a, b) => b.value.minor - a.value.minor);
  const top = Math.max(1, ...scored.map(({ value }) => Math.abs(value.minor)));
  return (
    <table className="alternatives" data-testid="alternatives">
      <thead>
        <tr>
          <th scope="col">{t('approve.option')}</th>
          <th scope="col">{t('approve.works')}</th>
          <th scope="col">{t('approve.worth')}</th>
        </tr>
      </thead>
      <tbody>
        {scored.map(({ key, text, value, success, isProposal }) => (
          <tr key={key} data-proposal={isProposal || undefined}>
            <th scope="row">
              {text}
              <span
                aria-hidden
                className="alternative-bar"
                data-negative={value.minor < 0 || undefined}
                style={{ width: `${Math.max(2, (Math.abs(value.minor) / top) * 100)}%` }}
              />
            </th>
            <td>{percent(success)}</td>
            <td>{money(value)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
