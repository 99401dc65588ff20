/** Procedures that come with a context, as Markdown or as loose paragraphs, made into the library's form. */
import { exceptionKinds } from '@truecount/protocol';
import type { InlineProcedure } from '../situation/context.ts';
import { parseProcedure } from './parse-procedure.ts';
import { type Procedure, readerRoles, type Step } from './procedure.ts';

const MOST_STEPS = 30;

export const inlineProcedures = (given: readonly InlineProcedure[]): readonly Procedure[] =>
  given.flatMap((one) => {
    const markdown = one.text?.startsWith('---') === true ? parseProcedure(one.text) : undefined;
    if (markdown?.ok === true) return [markdown.value];
    const made = fromParagraphs(one);
    return made === undefined ? [] : [made];
  });

function fromParagraphs(one: InlineProcedure): Procedure | undefined {
  const lines = (one.text ?? '')
    .split(/\r?\n/)
    .map((line) => line.replace(/^(#+|[-*]|\d+[.)])\s+/, '').trim())
    .filter((line) => line !== '');
  const texts = one.steps?.map((step) => (typeof step === 'string' ? step : step.text)) ?? lines;
  if (texts.length === 0) return undefined;
  const steps = texts
    .slice(0, MOST_STEPS)
    .map(
      (text, at): Step => ({ id: `${one.id}/steps/step-${at + 1}`, code: `step-${at + 1}`, text, when: [] }),
    );
  const title = one.title ?? one.id;
  return {
    id: one.id,
    title,
    version: Number.parseInt(String(one.version ?? 1), 10) || 1,
    // Roles that are not known here let nobody in.
    roles: one.roles === undefined ? readerRoles : readerRoles.filter((role) => one.roles?.includes(role)),
    kinds: exceptionKinds.filter((kind) => one.kinds?.includes(kind)),
    area: 'given',
    terms: '',
    sections: [{ topic: 'steps', heading: title, lead: `${title.replace(/[.!]$/, '')}.`, steps }],
  };
}
