/**
 * One Markdown file to one procedure. The head is YAML between `---` lines; a section is `## Heading {topic}`,
 * its lead sentence and numbered steps `1. [code | when sure | role manager | option count] Text.` A step
 * without brackets gets a code from its place.
 */
import { ExceptionKind, exceptionKinds, OptionKindSchema, type Parsed, parserFor } from '@truecount/protocol';
import { type Static, Type } from 'typebox';
import { parse as parseYaml } from 'yaml';
import {
  type Flag,
  flags,
  type Procedure,
  type ReaderRole,
  readerRoles,
  type Section,
  type Step,
} from './procedure.ts';

const Head = Type.Object({
  id: Type.String({ pattern: '^[a-z0-9][a-z0-9-]*$', maxLength: 60 }),
  title: Type.String({ minLength: 1, maxLength: 120 }),
  version: Type.Integer({ minimum: 1 }),
  roles: Type.Array(Type.Enum(readerRoles), { minItems: 1 }),
  kinds: Type.Optional(Type.Array(ExceptionKind, { maxItems: exceptionKinds.length })),
  option: Type.Optional(OptionKindSchema),
  area: Type.Optional(Type.String({ maxLength: 40 })),
  terms: Type.Optional(Type.String({ maxLength: 1000 })),
});
const parseHead = parserFor(Head);
const parseOption = parserFor(OptionKindSchema);

const MAX_CHARACTERS = 20_000;
const failed = (problem: string): Parsed<never> => ({ ok: false, problem });

export function parseProcedure(text: string): Parsed<Procedure> {
  if (text.length > MAX_CHARACTERS) return failed(`longer than ${MAX_CHARACTERS} characters`);
  const parts = /^---\r?\n([\s\S]*?)\r?\n---\r?\n([\s\S]*)$/.exec(text);
  if (parts === null) return failed('no head between two lines of ---');
  let yaml: unknown;
  try {
    yaml = parseYaml(parts[1] ?? '', { maxAliasCount: 0 });
  } catch (error) {
    return failed(`its head is no YAML: ${error instanceof Error ? error.message : String(error)}`);
  }
  const head = parseHead(yaml);
  if (!head.ok) return failed(`its head: ${head.problem}`);
  const sections = readSections(head.value.id, parts[2] ?? '');
  if (!sections.ok) return sections;
  return { ok: true, value: assemble(head.value, sections.value) };
}

const assemble = (head: Static<typeof Head>, sections: readonly Section[]): Procedure => ({
  id: head.id,
  title: head.title,
  version: head.version,
  roles: head.roles,
  kinds: head.kinds ?? [],
  ...(head.option === undefined ? {} : { option: head.option }),
  area: head.area ?? 'store',
  terms: head.terms ?? '',
  sections,
});

function readSections(procedure: string, body: string): Parsed<readonly Section[]> {
  const sections: Section[] = [];
  const seen = new Set<string>();
  for (const block of body.split(/^## /m).slice(1)) {
    const [first = '', ...rest] = block.split(/\r?\n/);
    const named = /^(.*?)(?:\s*\{([a-z][a-z-]*)\})?\s*$/.exec(first);
    const heading = named?.[1] ?? first;
    const topic = named?.[2] ?? 'steps';
    if (seen.has(topic)) return failed(`the topic {${topic}} comes twice`);
    seen.add(topic);
    const steps: Step[] = [];
    const lead: string[] = [];
    for (const line of rest) {
      const item = /^\d+\.\s+(?:\[([^\]]*)\]\s*)?(.+)$/.exec(line.trim());
      if (item === null) {
        if (line.trim() !== '' && steps.length === 0) lead.push(line.trim());
        continue;
      }
      const step = readStep(`${procedure}/${topic}`, item[1] ?? `step-${steps.length + 1}`, item[2] ?? '');
      if (!step.ok) return step;
      if (steps.some(({ id }) => id === step.value.id))
        return failed(`the step ${step.value.id} comes twice`);
      steps.push(step.value);
    }
    if (lead.length === 0) return failed(`the section "${heading}" has no lead sentence`);
    if (steps.length === 0) return failed(`the section "${heading}" has no numbered steps`);
    sections.push({ topic, heading, lead: lead.join(' '), steps });
  }
  return sections.length === 0 ? failed('it has no section (## Heading)') : { ok: true, value: sections };
}

function readStep(path: string, tags: string, text: string): Parsed<Step> {
  const [code = '', ...rest] = tags.split('|').map((tag) => tag.trim());
  if (!/^[a-z][a-z0-9-]*$/.test(code))
    return failed(`"${code}" is no step code (lower case, digits, hyphens)`);
  const when: Flag[] = [];
  let roles: ReaderRole[] | undefined;
  let option: Step['option'];
  for (const tag of rest) {
    const [name, value = ''] = tag.split(/\s+/, 2);
    if (name === 'when') {
      const flag = flags.find((one) => one === value);
      if (flag === undefined) return failed(`${path}/${code}: "when ${value}"; known: ${flags.join(', ')}`);
      when.push(flag);
    } else if (name === 'role') {
      const named = value.split(',').map((one) => readerRoles.find((role) => role === one));
      if (named.includes(undefined)) return failed(`${path}/${code}: "role ${value}" names an unknown role`);
      roles = named.filter((role) => role !== undefined);
    } else if (name === 'option') {
      const parsed = parseOption(value);
      if (!parsed.ok) return failed(`${path}/${code}: "option ${value}" is no option`);
      option = parsed.value;
    } else return failed(`${path}/${code}: "${tag}" is not understood; write when, role or option`);
  }
  return {
    ok: true,
    value: {
      id: `${path}/${code}`,
      code,
      text,
      when,
      ...(roles === undefined ? {} : { roles }),
      ...(option === undefined ? {} : { option }),
    },
  };
}
