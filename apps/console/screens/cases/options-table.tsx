/** The answers that were scored, on one scale: expected value with its spread, and what it is made of. */
import type { ScoredOption } from '@truecount/protocol';
import { Check, ChevronRight } from 'lucide-react';
import { Button, Disclosure, DisclosurePanel, Heading } from 'react-aria-components';
import { Chart } from '../chart/chart.tsx';
import { Tag } from '../shell/tags.tsx';
import { useWords } from '../words/use-words.ts';
import { optionsChart } from './options-chart.ts';

export function OptionsTable({ options }: { readonly options: readonly ScoredOption[] }) {
  const words = useWords();
  const { t } = words;
  const best = options.toSorted((a, b) => b.expected.minor - a.expected.minor);
  return (
    <section className="panel" aria-labelledby="options-title">
      <h2 className="panel-title" id="options-title">
        {t('case.options')}
      </h2>
      {best.length === 0 ? (
        <p className="soft">{t('case.no-options')}</p>
      ) : (
        <>
          <Chart
            label={t('case.options-chart')}
            height={best.length * 34 + 44}
            draw={(ink) => optionsChart(best, words, ink)}
          />
          <div className="options" data-testid="options">
            {best.map((option) => (
              <Option key={option.id} option={option} />
            ))}
          </div>
        </>
      )}
    </section>
  );
}

function Option({ option }: { readonly option: ScoredOption }) {
  const { t, named, money, percent } = useWords();
  const { currency } = option.expected;
  return (
    <Disclosure className="option" data-chosen={option.chosen || undefined} data-testid="option">
      <Heading level={3} className="option-head">
        <Button slot="trigger" className="option-trigger">
          <ChevronRight aria-hidden size={16} className="option-arrow" />
          <span className="option-name">
            {option.text}
            {option.chosen && (
              <span className="option-chosen">
                <Check aria-hidden size={14} /> {t('option.chosen')}
              </span>
            )}
          </span>
          <span className="option-figure">
            {money(option.expected)} <span className="soft">± {money(option.spread)}</span>
          </span>
          <span className="option-figure soft">
            {t('option.works', { percent: percent(option.successProbability) })}
          </span>
        </Button>
      </Heading>
      <DisclosurePanel className="option-more">
        <dl className="terms">
          {option.terms.map((term) => (
            <div key={term.name}>
              <dt>{named('term', term.name)}</dt>
              <dd>{money({ minor: term.minor, currency })}</dd>
            </div>
          ))}
          <div className="terms-sum">
            <dt>{t('option.expected')}</dt>
            <dd>{money(option.expected)}</dd>
          </div>
        </dl>
        {option.steps.length > 0 && (
          <ol className="steps">
            {option.steps.map((step) => (
              <li key={step}>{step}</li>
            ))}
          </ol>
        )}
        <p className="fine">
          {option.undo ? (
            <>
              <Tag tone="plain">{t('option.undo')}</Tag> {option.undo}
            </>
          ) : (
            <Tag tone="warn">{t('option.no-undo')}</Tag>
          )}
        </p>
      </DisclosurePanel>
    </Disclosure>
  );
}
