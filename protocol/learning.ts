/**
 * What stores and hub tell each other about error rates. A store sends estimates with their information and nothing
 * else: no observation, SKU, person or instant of a sale is in them. The hub sends back what its stores have in common.
 */
import { type Static, Type } from 'typebox';
import { Id, Instant, StoreId } from './schema.ts';

const name = Type.String({ maxLength: 40, description: 'a parameter of the belief' });

export const ParameterEstimate = Type.Object({
  name,
  log: Type.Number({ minimum: -30, maximum: 30, description: 'natural logarithm of the estimate' }),
  information: Type.Number({
    minimum: 0,
    maximum: 1e9,
    description: 'Fisher information about the logarithm: how much the data say',
  }),
});
export type ParameterEstimate = Static<typeof ParameterEstimate>;

/** A store's newest fit. */
export const FittedStatistics = Type.Object({
  /** Version of what was fitted. */
  version: Type.String({ maxLength: 80 }),
  estimates: Type.Array(ParameterEstimate, { maxItems: 64 }),
});
export type FittedStatistics = Static<typeof FittedStatistics>;

export const PooledParameter = Type.Object({
  name,
  log: Type.Number({ minimum: -30, maximum: 30, description: 'mean of the stores, precision-weighted' }),
  error: Type.Number({ minimum: 0, maximum: 1e6, description: 'variance of that mean' }),
  between: Type.Number({ minimum: 0, maximum: 1e6, description: 'variance between stores' }),
  stores: Type.Integer({ minimum: 2 }),
});
export type PooledParameter = Static<typeof PooledParameter>;

/** What the chain knows: signed like a policy, so that nobody else can make stores doubt their counts. */
export const PooledStatistics = Type.Object({
  version: Type.Integer({ minimum: 1 }),
  asOf: Instant,
  parameters: Type.Array(PooledParameter, { maxItems: 64 }),
  keyId: Type.String({ maxLength: 80 }),
  /** Ed25519 over the RFC 8785 form of this object without `signature`, base64. */
  signature: Type.String({ maxLength: 200 }),
});
export type PooledStatistics = Static<typeof PooledStatistics>;

/** One document per store, written by it, and the chain's, written by the hub. */
export const LearningDocument = Type.Object({
  /** The store, or `chain`. */
  id: Id,
  store: Type.Union([StoreId, Type.Literal('*')]),
  fitted: Type.Optional(FittedStatistics),
  /** Written by the hub only. */
  pooled: Type.Optional(PooledStatistics),
});
export type LearningDocument = Static<typeof LearningDocument>;
export const CHAIN_ID = 'chain';
