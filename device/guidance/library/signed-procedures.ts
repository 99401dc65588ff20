/**
 * Procedures that come from the hub: one signed bundle, used whole or not at all. Only what the hub's key signed is
 * shown to staff, so that a changed file on a store's disk advises nobody. Pure; works offline.
 */
import type { KeyObject } from 'node:crypto';
import { type Parsed, parserFor, StoreId } from '@truecount/protocol';
import { canonical, isSignedBy, keyIdOf } from '@truecount/protocol/signing';
import { Type } from 'typebox';
import { parseProcedure } from './parse-procedure.ts';
import type { Procedure } from './procedure.ts';

const SignedProcedures = Type.Object({
  version: Type.Integer({ minimum: 1 }),
  /** `*` for the chain, or one store. */
  scope: Type.Union([Type.Literal('*'), StoreId]),
  /** Markdown, as in device/guidance/procedures. */
  texts: Type.Array(Type.String({ maxLength: 20_000 }), { maxItems: 2000 }),
  keyId: Type.String({ maxLength: 80 }),
  /** Ed25519 over the RFC 8785 form of this object without `signature`, base64. */
  signature: Type.String({ maxLength: 200 }),
});
const parse = parserFor(SignedProcedures);

export interface Trust {
  readonly hubKey: KeyObject | undefined;
  readonly store: string;
}

export function signedProcedures(bundle: unknown, { hubKey, store }: Trust): Parsed<readonly Procedure[]> {
  const parsed = parse(bundle);
  if (!parsed.ok) return parsed;
  const { signature, ...signed } = parsed.value;
  const refuse = (problem: string): Parsed<never> => ({ ok: false, problem });
  if (hubKey === undefined) return refuse("this store knows no hub's key");
  if (signed.keyId !== keyIdOf(hubKey)) return refuse(`signed by another key (${signed.keyId})`);
  if (!isSignedBy(canonical(signed), signature, hubKey)) return refuse('its signature is not valid');
  if (signed.scope !== '*' && signed.scope !== store) return refuse(`it is for the store ${signed.scope}`);
  const procedures: Procedure[] = [];
  for (const [at, text] of signed.texts.entries()) {
    const procedure = parseProcedure(text);
    if (!procedure.ok) return refuse(`procedure ${at + 1}: ${procedure.problem}`);
    procedures.push(procedure.value);
  }
  return { ok: true, value: procedures };
}
