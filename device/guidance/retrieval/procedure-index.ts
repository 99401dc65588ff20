/**
 * Which procedures a question is about: BM25+ (MiniSearch) over title, terms and text, one index for each role, made
 * only of what that role may read, so that nothing else can rank, match or show through.
 *
 * `confidence` is the share of the question's information that the procedure knows: the inverse document frequency
 * of the stems it contains over that of all stems asked, unknown ones counted as rare.
 */
import MiniSearch from 'minisearch';
import { mayRead } from '../advice/candidates.ts';
import type { Procedure, ReaderRole } from '../library/procedure.ts';
import { nearestStem } from './nearest-stem.ts';
import { stemsOf } from './words.ts';

export interface Match {
  readonly procedure: Procedure;
  /** 0..1, see above. */
  readonly confidence: number;
  readonly score: number;
  /** Stems of the question that it contains. */
  readonly found: number;
  /** Its title has one of them. */
  readonly inTitle: boolean;
}

/**
 * Whether a match may answer. One shared word is chance, unless it is most of what was asked and a title has it. What
 * the table of words takes for none of a store's business needs much more in common.
 *
 * @param outside 0..1, how likely no procedure answers; 0 for procedures that the table was not fitted with
 */
export function mayAnswer({ confidence, found, inTitle }: Match, outside: number): boolean {
  if (outside >= SURELY_OUTSIDE) return found >= 3 && confidence >= 0.85;
  if (outside >= PERHAPS_OUTSIDE) return found >= 2 && confidence >= 0.75;
  if (found === 1) return confidence >= (inTitle ? 0.4 : 0.6);
  return confidence >= (outside < HARDLY_OUTSIDE ? 0.3 : 0.45);
}
const SURELY_OUTSIDE = 0.8;
const PERHAPS_OUTSIDE = 0.4;
const HARDLY_OUTSIDE = 0.25;

const fields = ['title', 'terms', 'text'] as const;

interface RoleIndex {
  readonly search: MiniSearch;
  readonly procedures: ReadonlyMap<string, Procedure>;
  readonly stems: ReadonlyMap<string, ReadonlySet<string>>;
  readonly frequency: ReadonlyMap<string, number>;
}

export class ProcedureIndex {
  readonly #procedures: readonly Procedure[];
  readonly #byRole = new Map<ReaderRole, RoleIndex>();

  constructor(procedures: readonly Procedure[]) {
    this.#procedures = procedures;
  }

  /** Best first. */
  find(question: string, role: ReaderRole, most = 3): readonly Match[] {
    const index = this.#indexFor(role);
    const asked = [...new Set(stemsOf(question).map((stem) => nearestStem(stem, index.frequency)))];
    if (asked.length === 0) return [];
    const rarity = (stem: string): number =>
      Math.log(1 + (index.procedures.size + 1) / ((index.frequency.get(stem) ?? 0) + 0.5));
    const total = asked.reduce((sum, stem) => sum + rarity(stem), 0);
    return index.search
      .search(asked.join(' '))
      .slice(0, most)
      .flatMap(({ id, score }) => {
        const procedure = index.procedures.get(String(id));
        const known = index.stems.get(String(id));
        if (procedure === undefined || known === undefined) return [];
        const found = asked.filter((stem) => known.has(stem));
        const confidence = found.reduce((sum, stem) => sum + rarity(stem), 0) / total;
        const title = new Set(stemsOf(procedure.title));
        const inTitle = found.some((stem) => title.has(stem));
        return [{ procedure, score, confidence, found: found.length, inTitle }];
      });
  }

  #indexFor(role: ReaderRole): RoleIndex {
    const known = this.#byRole.get(role);
    if (known !== undefined) return known;
    const readable = this.#procedures.filter((procedure) => mayRead(procedure, role));
    const stems = new Map<string, ReadonlySet<string>>();
    const frequency = new Map<string, number>();
    const search = new MiniSearch({
      fields: [...fields],
      tokenize: (text) => text.split(' ').filter((stem) => stem !== ''),
      processTerm: (stem) => stem,
      searchOptions: { boost: { title: 3, terms: 2 }, combineWith: 'OR' },
    });
    for (const procedure of readable) {
      const text = textOf(procedure, role);
      const all = new Set(Object.values(text).flat());
      stems.set(procedure.id, all);
      for (const stem of all) frequency.set(stem, (frequency.get(stem) ?? 0) + 1);
      search.add({
        id: procedure.id,
        ...Object.fromEntries(fields.map((field) => [field, text[field].join(' ')])),
      });
    }
    const made = { search, stems, frequency, procedures: new Map(readable.map((one) => [one.id, one])) };
    this.#byRole.set(role, made);
    return made;
  }
}

/** The paragraphs of one role: a step above it is not even searched. */
function textOf(procedure: Procedure, role: ReaderRole): Record<(typeof fields)[number], readonly string[]> {
  const body = procedure.sections.flatMap(({ heading, lead, steps }) => [
    heading,
    lead,
    ...steps.filter(({ roles }) => roles === undefined || roles.includes(role)).map(({ text }) => text),
  ]);
  return {
    title: stemsOf(procedure.title),
    terms: stemsOf(`${procedure.terms} ${procedure.kinds.join(' ')} ${procedure.option ?? ''}`),
    text: stemsOf(body.join(' ')),
  };
}
