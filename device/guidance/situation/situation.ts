/** A context made into what the layers work on: who asks what about which kind of card, and which facts hold. */
import {
  exceptionKinds,
  type ExceptionKind,
  optionKinds,
  type OptionKind,
  taxonomy,
} from '@truecount/protocol';
import { type Flag, type ReaderRole, readerRoles } from '../library/procedure.ts';
import type { GuideContext } from './context.ts';
import { findFact, type Json, type Node, nodesOf, type Scalar } from './find-fact.ts';
import { looksInjected } from './injected.ts';
import { plainText } from './plain-text.ts';
import { type Slot, slotRules, slots } from './slots.ts';

export interface Situation {
  readonly question: string;
  readonly role: ReaderRole;
  readonly kind?: ExceptionKind;
  readonly flags: ReadonlySet<Flag>;
  /** Values as they are shown; a slot without a value is absent. */
  readonly facts: ReadonlyMap<Slot, string>;
  /** Absent: policy did not restrict them. */
  readonly options?: ReadonlySet<OptionKind>;
}

/** Above this the deviation counts as nearly certain. */
const SURE = 0.85;
/** Minor units; where more is at stake a second person counts and the manager's limit may be passed. */
const LARGE_MINOR = 20_000;

export function situationOf(context: GuideContext): Situation {
  const nodes = nodesOf(context as Json);
  const kind = kindOf(nodes);
  const options = optionsOf(context, nodes);
  const facts = factsOf(nodes);
  return {
    question: plainText(context.question ?? ''),
    role: roleOf(context, nodes, kind),
    ...(kind === undefined ? {} : { kind }),
    flags: flagsOf(context, nodes, facts, options),
    facts,
    ...(options === undefined ? {} : { options }),
  };
}

function kindOf(nodes: readonly Node[]): ExceptionKind | undefined {
  for (const path of ['exception.kind', 'kind', 'exceptionKind', 'exceptionType', 'exception', 'type'])
    for (const node of nodes) {
      const named = findFact([node], [path]);
      const kind = exceptionKinds.find((one) => one === String(named).toLowerCase().replaceAll(/[ _]/g, '-'));
      if (kind !== undefined) return kind;
    }
  return undefined;
}

function roleOf(context: GuideContext, nodes: readonly Node[], kind: ExceptionKind | undefined): ReaderRole {
  const named =
    context.role ?? findFact(nodes, ['user.role', 'asker.role', 'reader.role', 'staff.role', 'session.role']);
  if (named === undefined) return kind === undefined ? 'associate' : taxonomy[kind].owner;
  const word = String(named).toLowerCase().trim().replaceAll(/[ _]/g, '-');
  // Whoever is not known may read what everybody may read.
  return readerRoles.find((role) => role === word) ?? 'associate';
}

function optionsOf(context: GuideContext, nodes: readonly Node[]): ReadonlySet<OptionKind> | undefined {
  const given =
    context.options ??
    nodes.find(({ fields }) => Array.isArray(fields.get('options')))?.fields.get('options');
  if (!Array.isArray(given) || given.length === 0) return undefined;
  const named = given.map((one: Json) =>
    typeof one === 'string' ? one : findFact(nodesOf(one), ['option', 'kind', 'id', 'name']),
  );
  const known = optionKinds.filter((kind) =>
    named.some((name) => String(name).toLowerCase().replaceAll(/[ _]/g, '-') === kind),
  );
  return known.length === 0 ? undefined : new Set(known);
}

function factsOf(nodes: readonly Node[]): ReadonlyMap<Slot, string> {
  const facts = new Map<Slot, string>();
  for (const slot of slots) {
    const rule = slotRules[slot];
    const shown = show(findFact(nodes, rule.paths), rule.format);
    if (shown !== undefined) facts.set(slot, shown);
  }
  return facts;
}

const MAX_SHOWN = 80;

function show(value: Scalar | undefined, format: 'text' | 'number' | 'percent'): string | undefined {
  if (value === undefined || typeof value === 'boolean') return undefined;
  if (format === 'text') {
    const text = plainText(String(value), MAX_SHOWN);
    return text === '' || looksInjected(String(value)) ? undefined : text;
  }
  const amount = typeof value === 'number' ? value : Number(value);
  if (!Number.isFinite(amount)) return undefined;
  if (format === 'percent') return `${rounded(amount <= 1 ? amount * 100 : amount)} %`;
  return rounded(amount);
}

const rounded = (value: number): string => String(Math.round(value * 10) / 10);

function flagsOf(
  context: GuideContext,
  nodes: readonly Node[],
  facts: ReadonlyMap<Slot, string>,
  options: ReadonlySet<OptionKind> | undefined,
): ReadonlySet<Flag> {
  const flags = new Set<Flag>();
  const number = (...paths: readonly string[]): number | undefined => {
    const value = findFact(nodes, paths);
    return typeof value === 'number' ? value : undefined;
  };
  const confidence = number('exception.confidence', 'case.confidence', 'doubt') ?? number('p0');
  if (confidence !== undefined) flags.add(confidence >= SURE ? 'sure' : 'unsure');
  const minor = number('exposure.minor', 'exposureMinor', 'value.minor');
  const exposure = minor ?? (number('exposure', 'atStake') ?? 0) * 100;
  if (exposure > LARGE_MINOR) flags.add('large');
  if (
    context.online === false ||
    findFact(nodes, ['sync.online']) === false ||
    findFact(nodes, ['offline', 'outage']) === true
  )
    flags.add('offline');
  if (facts.has('order')) flags.add('ordered');
  if (facts.has('other') || options?.has('transfer') === true || options?.has('reassign') === true)
    flags.add('elsewhere');
  const due = instant(findFact(nodes, ['exception.dueAt', 'dueAt', 'promisedAt', 'due']));
  const now = instant(findFact(nodes, ['now', 'at']));
  if (due !== undefined && now !== undefined && now > due) flags.add('late');
  return flags;
}

function instant(value: Scalar | undefined): number | undefined {
  const at = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isFinite(at) ? at : undefined;
}
