/** How far the agent can be trusted: its odds, its alarms, what it may do alone, what stopped it, who is served how. */
import { useQuery } from '@tanstack/react-query';
import type { AutomationView, MetricsView, Rate } from '@truecount/protocol';
import { useHref, useSearchParams } from 'react-router';
import { Link } from 'react-aria-components';
import { automationQuery, metricsQuery, storesQuery } from '../api/queries.ts';
import { Chart } from '../chart/chart.tsx';
import { Choice } from '../shell/choice.tsx';
import { Figures } from '../shell/figures.tsx';
import { Page } from '../shell/frame.tsx';
import { Pending } from '../shell/pending.tsx';
import { Tag } from '../shell/tags.tsx';
import { useWords, type Words } from '../words/use-words.ts';
import { PlainTable } from './plain-table.tsx';
import { StandingsTable } from './standings-table.tsx';
import { calibrationChart, weeksChart } from './trust-charts.ts';

const PERIODS = [7, 30, 90, 365];
const DEFAULT_DAYS = 90;
const CHART_PX = 240;

export function TrustPage() {
  const words = useWords();
  const { t } = words;
  const [search, setSearch] = useSearchParams();
  const asked = Number(search.get('days'));
  const days = PERIODS.includes(asked) ? asked : DEFAULT_DAYS;
  const { data: metrics, error } = useQuery(metricsQuery(days));
  const { data: automation } = useQuery(automationQuery);
  if (!metrics) return <Pending error={error} />;
  const period = (
    <Choice
      label={t('trust.title')}
      value={String(days)}
      options={PERIODS.map((count) => ({ id: String(count), name: t('trust.days', { count }) }))}
      onChange={(value) =>
        setSearch(value === String(DEFAULT_DAYS) ? {} : { days: value }, { replace: true })
      }
      testId="trust-days"
    />
  );
  return (
    <Page title={t('trust.title')} testId="trust-page" aside={period}>
      <Figures items={figuresOf(metrics, words)} />
      <div className="columns trust-columns">
        <Calibration bands={metrics.calibration.bands} />
        <Weeks weeks={metrics.detection.weeks} />
      </div>
      <h2 className="section-title">{t('trust.tiers')}</h2>
      <StandingsTable standings={automation?.standings ?? []} />
      {automation && <Stops automation={automation} />}
      <div className="columns trust-columns">
        <Fairness metrics={metrics} />
        <Kinds metrics={metrics} />
      </div>
    </Page>
  );
}

const totalOf = (
  kinds: MetricsView['detection']['kinds'],
): { readonly right: number; readonly all: number } => ({
  right: kinds.reduce((sum, { precision }) => sum + precision.successes, 0),
  all: kinds.reduce((sum, { precision }) => sum + precision.outcomes, 0),
});

function figuresOf({ detection, orders, coverage, effect, compliance }: MetricsView, words: Words) {
  const { t, percent, money } = words;
  const { right, all } = totalOf(detection.kinds);
  const { saved } = orders;
  const { currency, perCaseMinor, lowMinor, highMinor, holdout } = effect;
  const amount = (minor: number): string => money({ minor: Math.round(minor), currency });
  const share = (value: number | undefined): string =>
    value === undefined ? t('trust.unknown') : percent(value);
  return [
    {
      name: t('trust.precision'),
      value: share(all === 0 ? undefined : right / all),
      hint: t('trust.precision-hint', { right, all }),
    },
    {
      name: t('trust.saved'),
      value: share(saved.rate),
      hint: t('trust.saved-hint', { saved: saved.successes, all: saved.outcomes }),
    },
    {
      name: t('trust.coverage'),
      value: share(coverage.share),
      hint: t('trust.coverage-hint', { alone: coverage.automatic, all: coverage.acts }),
    },
    {
      name: t('trust.effect'),
      value: perCaseMinor === undefined ? t('trust.unknown') : amount(perCaseMinor),
      hint:
        lowMinor === undefined || highMinor === undefined
          ? t('trust.effect-none')
          : t('trust.effect-hint', { low: amount(lowMinor), high: amount(highMinor), cases: holdout.cases }),
    },
    {
      name: t('trust.compliance'),
      value: share(compliance.decisions.rate),
      hint: t('trust.compliance-hint', { refused: compliance.refused, breaches: compliance.breaches }),
    },
  ];
}

function Calibration({ bands }: { readonly bands: MetricsView['calibration']['bands'] }) {
  const words = useWords();
  const { t, percent } = words;
  const points = bands.map(({ said, seen }) => `${percent(said)} → ${percent(seen.rate ?? 0)}`).join('; ');
  return (
    <section className="panel" aria-labelledby="calibration-title">
      <h2 className="panel-title" id="calibration-title">
        {t('trust.calibration')}
      </h2>
      {bands.length === 0 ? (
        <p className="soft">{t('trust.no-labels')}</p>
      ) : (
        <>
          <Chart
            label={t('trust.calibration-chart', { points })}
            height={CHART_PX}
            draw={(ink) => calibrationChart(bands, words, ink)}
          />
          <p className="soft fine">{t('trust.calibration-hint')}</p>
        </>
      )}
    </section>
  );
}

function Weeks({ weeks }: { readonly weeks: MetricsView['detection']['weeks'] }) {
  const words = useWords();
  const { t, percent } = words;
  const points = weeks.map(({ week, precision }) => `${week.slice(0, 10)}: ${percent(precision.rate ?? 0)}`);
  return (
    <section className="panel" aria-labelledby="weeks-title">
      <h2 className="panel-title" id="weeks-title">
        {t('trust.weeks')}
      </h2>
      {weeks.length === 0 ? (
        <p className="soft">{t('trust.no-labels')}</p>
      ) : (
        <Chart
          label={t('trust.weeks-chart', { points: points.join('; ') })}
          height={CHART_PX}
          draw={(ink) => weeksChart(weeks, words, ink)}
        />
      )}
    </section>
  );
}

function Stops({ automation }: { readonly automation: AutomationView }) {
  const { t, relative } = useWords();
  const cases = useHref('/cases');
  const { breakers, drift } = automation;
  return (
    <section className="panel" aria-labelledby="stops-title" data-testid="stops">
      <h2 className="panel-title" id="stops-title">
        {t('trust.stops')}
      </h2>
      {breakers.length + drift.length === 0 && <p className="soft">{t('trust.no-stops')}</p>}
      <ul className="lines">
        {breakers.map(({ store, storeName, sku, kind, reason, trippedAt }) => (
          <li key={`${store}|${sku ?? ''}|${kind}`}>
            <span>
              <Tag tone="bad">{t('trust.breaker')}</Tag> {storeName}
              {sku === undefined ? '' : ` · ${sku}`}: {reason}
            </span>
            <span className="soft">{relative(trippedAt)}</span>
          </li>
        ))}
        {drift.map(({ caseId, storeName, text, since }) => (
          <li key={caseId}>
            <span>
              <Tag tone="warn">{t('trust.drift')}</Tag> <Link href={`${cases}/${caseId}`}>{storeName}</Link>:{' '}
              {text}
            </span>
            <span className="soft">{relative(since)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

const rateText = ({ rate, outcomes, successes }: Rate, { percent }: Words): string =>
  rate === undefined ? '–' : `${percent(rate)} (${successes}/${outcomes})`;

function Fairness({ metrics }: { readonly metrics: MetricsView }) {
  const words = useWords();
  const { t, number } = words;
  const { data: stores } = useQuery(storesQuery);
  const nameOf = (id: string): string => stores?.find((store) => store.id === id)?.name ?? id;
  const { byStore, byClass } = metrics.fairness;
  return (
    <section className="panel">
      <h2 className="panel-title">{t('trust.fair-stores')}</h2>
      <PlainTable
        head={[t('case.store'), t('trust.saved'), t('trust.solved'), t('trust.given'), t('trust.received')]}
        rows={byStore.map(({ store, saved, medianHours, given, received }) => [
          nameOf(store),
          rateText(saved, words),
          medianHours === undefined ? '–' : t('trust.hours', { number: number(medianHours, 1) }),
          number(given),
          number(received),
        ])}
      />
      {byClass.length > 0 && (
        <>
          <h2 className="panel-title">{t('trust.fair-classes')}</h2>
          <PlainTable
            head={[t('trust.class'), t('trust.saved')]}
            rows={byClass.map(({ serviceClass, saved }) => [serviceClass, rateText(saved, words)])}
          />
        </>
      )}
    </section>
  );
}

function Kinds({ metrics }: { readonly metrics: MetricsView }) {
  const words = useWords();
  const { t, number, percent, named } = words;
  const { data: stores } = useQuery(storesQuery);
  const nameOf = (id: string): string => stores?.find((store) => store.id === id)?.name ?? id;
  const touches = new Map(metrics.touches.map(({ kind, perCase }) => [kind, perCase]));
  const hours = (value: number): string => t('trust.hours', { number: number(value, 1) });
  return (
    <section className="panel">
      <h2 className="panel-title">{t('trust.kinds')}</h2>
      <PlainTable
        head={[t('case.kind'), t('trust.median'), t('trust.p90'), t('trust.touches')]}
        rows={metrics.resolution.map(({ kind, medianHours, p90Hours }) => [
          named('exception', kind),
          hours(medianHours),
          hours(p90Hours),
          number(touches.get(kind) ?? 0, 1),
        ])}
      />
      <h2 className="panel-title">{t('trust.accuracy')}</h2>
      <PlainTable
        head={[t('case.store'), t('trust.channel'), t('trust.accurate'), t('trust.positions')]}
        rows={metrics.accuracy.map(({ store, channel, accuracy, positions }) => [
          nameOf(store),
          channel === 'record' ? t('trust.record') : channel,
          percent(accuracy),
          number(positions),
        ])}
      />
    </section>
  );
}
