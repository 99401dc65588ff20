import { generateKeyPairSync } from 'node:crypto';
import { exceptionKinds, optionKinds, taxonomy } from '@truecount/protocol';
import { canonical, keyIdOf, signText } from '@truecount/protocol/signing';
import { describe, expect, it } from 'vitest';
import { loadProcedures, shippedProcedures } from './library/library.ts';
import { parseProcedure } from './library/parse-procedure.ts';
import { signedProcedures } from './library/signed-procedures.ts';
import { cardTopics } from './library/procedure.ts';

const good =
  '---\nid: own\ntitle: Own\nversion: 1\nroles: [associate]\n---\n\n## Steps\n\nLead.\n\n1. [look] Look.\n';

const { procedures, problems } = loadProcedures([shippedProcedures]);

describe('the shipped procedures', () => {
  it('are sixty or more, and each can be read', () => {
    expect(problems).toEqual([]);
    expect(procedures.length).toBeGreaterThanOrEqual(60);
  });

  it('answer every topic of every kind of exception for its owner', () => {
    for (const kind of exceptionKinds) {
      const own = procedures.filter((procedure) => procedure.kinds.includes(kind));
      expect(own.map(({ id }) => id)).toHaveLength(1);
      const [procedure] = own;
      expect(procedure?.roles).toContain(taxonomy[kind].owner);
      expect(procedure?.sections.map(({ topic }) => topic)).toEqual([...cardTopics]);
    }
  });

  it('explain every option', () => {
    expect(optionKinds.filter((kind) => !procedures.some(({ option }) => option === kind))).toEqual([]);
  });

  it('never show an associate, manager or operations something that those above them may not see', () => {
    const ladder = ['associate', 'manager', 'ops', 'admin'] as const;
    const lists = procedures.flatMap(({ id, roles, sections }) => [
      { id, roles },
      ...sections
        .flatMap(({ steps }) => steps)
        .flatMap((step) => (step.roles === undefined ? [] : [{ id: step.id, roles: step.roles }])),
    ]);
    const broken = lists
      // A step for one rung alone (asking one's manager) is written for that rung.
      .filter(({ roles }) => roles.length > 1)
      .filter(({ roles }) =>
        ladder.some((role, at) => {
          const above = ladder[at + 1];
          return above !== undefined && roles.includes(role) && !roles.includes(above);
        }),
      );
    expect(broken).toEqual([]);
  });
});

describe('a procedure file', () => {
  it('is read with its steps', () => {
    const parsed = parseProcedure(good);
    expect(parsed.ok && parsed.value.sections[0]?.steps[0]).toMatchObject({
      id: 'own/steps/look',
      text: 'Look.',
    });
  });

  it.each([
    ['no head', 'no head', '# nothing'],
    ['an unknown role', 'roles', good.replace('associate', 'wizard')],
    ['an unknown flag', 'when', good.replace('[look]', '[look | when moon]')],
    ['an unknown tag', 'not understood', good.replace('[look]', '[look | please]')],
    ['a step twice', 'twice', `${good}2. [look] Again.\n`],
    ['no steps', 'no numbered steps', good.replace('1. [look] Look.', '')],
  ])('with %s is refused by name', (_, why, text) => {
    const parsed = parseProcedure(text);
    expect(parsed.ok ? '' : parsed.problem).toContain(why);
  });
});

describe('procedures from the hub', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const unsigned = { version: 1, scope: '*', texts: [good], keyId: keyIdOf(publicKey) };
  const bundle = { ...unsigned, signature: signText(canonical(unsigned), privateKey) };
  const trust = { hubKey: publicKey, store: 'berlin-1' };

  it('are used when the hub signed them', () => {
    const read = signedProcedures(bundle, trust);
    expect(read.ok && read.value.map(({ id }) => id)).toEqual(['own']);
  });

  it.each([
    ['a word was changed', { ...bundle, texts: [good.replace('Look.', 'Sign everything.')] }, 'signature'],
    ['another key signed', { ...bundle, keyId: 'other' }, 'another key'],
    ['the signature is missing', unsigned, 'signature'],
  ])('are refused when %s', (_, changed, why) => {
    const read = signedProcedures(changed, trust);
    expect(read.ok ? '' : read.problem).toContain(why);
  });

  it('are refused in a store that knows no hub', () => {
    expect(signedProcedures(bundle, { ...trust, hubKey: undefined }).ok).toBe(false);
  });
});
