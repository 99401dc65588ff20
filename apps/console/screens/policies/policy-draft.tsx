/**
 * The next version of a policy: for the chain, or for one store that differs from it. Changed in fields or as JSON, tried on
 * what was really known in the past, and published when somebody is content with that.
 */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import {
  type PolicyBundle,
  PolicyBundle as Bundle,
  type PolicyDocument,
  readerFor,
} from '@truecount/protocol';
import { FlaskConical, RotateCcw, Send } from 'lucide-react';
import { useState } from 'react';
import {
  Button,
  Disclosure,
  DisclosurePanel,
  Heading,
  Label,
  TextArea,
  TextField,
} from 'react-aria-components';
import { hub } from '../api/client.ts';
import { Choice } from '../shell/choice.tsx';
import { useWords } from '../words/use-words.ts';
import { PolicyForm } from './policy-form.tsx';
import { TrialResult } from './trial-result.tsx';

const readBundle = readerFor(Bundle);
const PERIODS = [7, 30, 90, 365];
const CHAIN = '*';

interface DraftProps {
  /** The bundle that is shown. */
  readonly shown: PolicyBundle;
  readonly policies: readonly PolicyDocument[];
  readonly stores: readonly { readonly id: string; readonly name: string }[];
}

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

const asText = (bundle: PolicyBundle): string => JSON.stringify(bundle, undefined, 2);

/** What follows this bundle: the same under the next version. */
const nextOf = (bundle: PolicyBundle, now: string): PolicyBundle => ({
  ...bundle,
  version: bundle.version + 1,
  effectiveFrom: now,
});

const newestOf = (policies: readonly PolicyDocument[], scope: string): PolicyBundle | undefined =>
  policies
    .map(({ bundle }) => bundle)
    .filter((bundle) => bundle.scope === scope)
    .toSorted((a, b) => b.version - a.version)[0];

/** One scope's draft: what is in force there, the text that was begun with, and the text by now. */
interface Begun {
  readonly base: PolicyBundle;
  readonly start: string;
  readonly text: string;
}

const begin = (base: PolicyBundle, draft: PolicyBundle): Begun => ({
  base,
  start: asText(draft),
  text: asText(draft),
});

/** A draft for every scope that was looked at, so that changing between them loses nothing. */
function useDrafts({ shown, policies }: Pick<DraftProps, 'shown' | 'policies'>, instant: string) {
  const [scope, setScope] = useState(shown.scope);
  const [first] = useState(() => begin(shown, nextOf(shown, instant)));
  const [drafts, setDrafts] = useState<ReadonlyMap<string, Begun>>(new Map());
  const current = drafts.get(scope) ?? first;
  const put = (of: string, draft: Begun): void => {
    setDrafts((before) => new Map(before).set(of, draft));
    setScope(of);
  };
  const inherit = useMutation({
    mutationFn: (store: string) => hub.inheritPolicy(store),
    onSuccess: (bundle, store) =>
      put(store, begin(newestOf(policies, CHAIN) ?? bundle, { ...bundle, effectiveFrom: instant })),
  });
  const choose = (wanted: string): void => {
    const own = newestOf(policies, wanted);
    if (wanted === shown.scope || drafts.has(wanted)) setScope(wanted);
    else if (own === undefined) inherit.mutate(wanted);
    else put(wanted, begin(own, nextOf(own, instant)));
  };
  return {
    ...current,
    scope,
    choose,
    /** The scope whose draft is being fetched: until then nothing may be written into another one's. */
    awaited: inherit.isPending ? inherit.variables : undefined,
    edit: (text: string) => put(scope, { ...current, text }),
    problem: inherit.error,
  };
}

export function PolicyDraftPanel({ shown, policies, stores }: DraftProps) {
  const { t, now } = useWords();
  const queries = useQueryClient();
  const {
    base,
    start,
    text,
    scope,
    choose,
    awaited,
    edit,
    problem: notInherited,
  } = useDrafts({ shown, policies }, new Date(now).toISOString());
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
  const failed = trial.error ?? publish.error ?? notInherited;
  return (
    <section className="panel policy-trial" data-testid="policy-draft">
      <h2 className="panel-title">{t('policy.draft')}</h2>
      <p className="soft fine">{t('policy.draft-hint')}</p>
      <Choice
        label={t('policy.for')}
        isShown
        value={awaited ?? ('bundle' in draft ? draft.bundle.scope : scope)}
        options={[{ id: CHAIN, name: t('policy.chain') }, ...stores]}
        onChange={(wanted) => choose(wanted === '' ? CHAIN : wanted)}
        testId="policy-scope"
      />
      <fieldset className="policy-draft" disabled={awaited !== undefined} aria-busy={awaited !== undefined}>
        {'bundle' in draft && (
          <PolicyForm draft={draft.bundle} base={base} onChange={(next) => edit(asText(next))} />
        )}
        <Disclosure className="disclosure">
          <Heading>
            <Button slot="trigger" className="button quiet" data-testid="policy-as-json">
              {t('policy.as-json')}
            </Button>
          </Heading>
          <DisclosurePanel>
            <TextField className="field" value={text} onChange={edit} isInvalid={problem !== undefined}>
              <Label>{t('policy.bundle')}</Label>
              <TextArea
                className="input code-input"
                rows={14}
                spellCheck={false}
                data-testid="policy-bundle"
              />
            </TextField>
          </DisclosurePanel>
        </Disclosure>
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
          {text !== start && (
            <Button className="button quiet" data-testid="policy-start-over" onPress={() => edit(start)}>
              <RotateCcw aria-hidden size={16} />
              {t('policy.start-over')}
            </Button>
          )}
        </div>
      </fieldset>
      {trial.data && <TrialResult trial={trial.data} />}
    </section>
  );
}
