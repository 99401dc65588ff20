/** Tries a bundle on what was really known in the past, and publishes it when somebody is content with that. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type PolicyBundle, PolicyBundle as Bundle, type PolicyTrial, readerFor } from '@truecount/protocol';
import { FlaskConical, Send } from 'lucide-react';
import { useState } from 'react';
import { Button, Label, Link, TextArea, TextField } from 'react-aria-components';
import { useHref } from 'react-router';
import { hub } from '../api/client.ts';
import { Chart } from '../chart/chart.tsx';
import { Choice } from '../shell/choice.tsx';
import { PlainTable } from '../trust/plain-table.tsx';
import { useWords, type Words } from '../words/use-words.ts';
import { trialChart } from './trial-chart.ts';

const readBundle = readerFor(Bundle);
const PERIODS = [7, 30, 90, 365];
const OPTION_PX = 58;

type Draft = { readonly bundle: PolicyBundle } | { readonly problem: string };

function parseDraft(text: string, notJson: string): Draft {
  let input: unknown;
  try {
    input = JSON.parse(text);
  } catch {
    return { problem: notJson };
  }
  const parsed = readBundle(input);
  return parsed.ok ? { bundle: parsed.value } : { problem: parsed.problem };
}

/** The bundle that is shown, ready to be changed under the next version. */
const nextOf = (bundle: PolicyBundle, now: string): PolicyBundle => ({
  ...bundle,
  version: bundle.version + 1,
  effectiveFrom: now,
});

export function PolicyTrialPanel({ bundle }: { readonly bundle: PolicyBundle }) {
  const words = useWords();
  const { t, now } = words;
  const queries = useQueryClient();
  const [text, setText] = useState(() =>
    JSON.stringify(nextOf(bundle, new Date(now).toISOString()), undefined, 2),
  );
  const [days, setDays] = useState(90);
  const draft = parseDraft(text, t('policy.not-json'));
  const problem = 'problem' in draft ? draft.problem : undefined;
  const trial = useMutation({
    mutationFn: (wanted: PolicyBundle) => hub.tryPolicy({ bundle: wanted, days }),
  });
  const publish = useMutation({
    mutationFn: (wanted: PolicyBundle) => hub.publishPolicy(wanted),
    onSuccess: () => void queries.invalidateQueries({ queryKey: ['policies'] }),
  });
  const failed = trial.error ?? publish.error;
  return (
    <section className="panel policy-trial" data-testid="policy-trial">
      <h2 className="panel-title">{t('policy.try')}</h2>
      <p className="soft fine">{t('policy.try-hint')}</p>
      <TextField className="field" value={text} onChange={setText} isInvalid={problem !== undefined}>
        <Label>{t('policy.bundle')}</Label>
        <TextArea className="input code-input" rows={12} spellCheck={false} data-testid="policy-bundle" />
      </TextField>
      {(problem ?? failed) && (
        <p className="problem" role="alert">
          {problem ?? failed?.message}
        </p>
      )}
      {publish.data && <output>{t('policy.published', { id: publish.data.id })}</output>}
      <div className="acts">
        <Choice
          label={t('policy.try-days')}
          value={String(days)}
          options={PERIODS.map((count) => ({ id: String(count), name: t('trust.days', { count }) }))}
          onChange={(value) => setDays(Number(value))}
          testId="policy-days"
        />
        <Button
          className="button primary"
          data-testid="policy-try"
          isDisabled={trial.isPending || 'problem' in draft}
          onPress={() => 'bundle' in draft && trial.mutate(draft.bundle)}
        >
          <FlaskConical aria-hidden size={16} />
          {t('policy.try-do')}
        </Button>
        <Button
          className="button quiet"
          data-testid="policy-publish"
          isDisabled={publish.isPending || 'problem' in draft}
          onPress={() => 'bundle' in draft && publish.mutate(draft.bundle)}
        >
          <Send aria-hidden size={16} />
          {t('policy.publish')}
        </Button>
      </div>
      {trial.data && <Result trial={trial.data} words={words} />}
    </section>
  );
}

function Result({ trial, words }: { readonly trial: PolicyTrial; readonly words: Words }) {
  const { t, number, money, named, moment } = words;
  const cases = useHref('/cases');
  const { before, after, changed, decisions } = trial;
  const option = (name: string): string => (name === 'none' ? t('policy.nothing') : named('answer', name));
  const both = (
    counts: readonly [Readonly<Record<string, number>>, Readonly<Record<string, number>>],
    say: (name: string) => string,
  ) =>
    [...new Set(counts.flatMap((side) => Object.keys(side)))].map((name) => [
      say(name),
      number(counts[0][name] ?? 0),
      number(counts[1][name] ?? 0),
    ]);
  const head = ['', t('policy.was'), t('policy.would')];
  return (
    <div data-testid="trial-result">
      <PlainTable
        head={head}
        rows={[
          [t('policy.decisions'), number(decisions), number(decisions)],
          [t('policy.expected'), money(before.expected), money(after.expected)],
          [t('policy.approvals-needed'), number(before.approvals), number(after.approvals)],
          ...both([before.tiers, after.tiers], (name) => named('tier', name)),
        ]}
      />
      <Chart
        label={t('policy.by-answer')}
        height={OPTION_PX * Object.keys({ ...before.options, ...after.options }).length + 24}
        draw={(ink) => trialChart(trial, { words, say: option }, ink)}
      />
      <h3 className="policy-section">{t('policy.changed')}</h3>
      {changed.length === 0 && <p className="soft">{t('policy.nothing-changed')}</p>}
      <ul className="lines">
        {changed.map((one) => (
          <li key={`${one.caseId}-${one.at}`}>
            <span>
              <Link href={`${cases}/${one.caseId}`}>{moment(one.at)}</Link> · {one.before} → {one.after}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
