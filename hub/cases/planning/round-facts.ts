/** Everything a planning round looks at, read once and then only handed on: the inputs of every score. */
import type { Exception, OrderDocument, PolicyBundle, PositionDocument } from '@truecount/protocol';
import type { AutomaticAct, Movement } from '../../governance/index.ts';
import type { StandingRow } from '../automation/standings.ts';
import type { CaseRow } from '../case-rows.ts';

export interface Store {
  readonly id: string;
  readonly name: string;
  readonly currency: string;
}

export interface Lane {
  readonly from: string;
  readonly to: string;
  readonly fixedMinor: number;
  readonly perUnitMinor: number;
  readonly hours: number;
  readonly capacity?: number;
}

/** The stores and what moving between them costs, as configured. */
export interface Network {
  readonly stores: readonly Store[];
  readonly lanes: readonly Lane[];
}

export interface RoundCase {
  readonly row: CaseRow;
  /** Open findings, the one with most at stake first. */
  readonly findings: readonly Exception[];
  readonly order?: OrderDocument;
  /** Units the order still misses here. */
  readonly missing: number;
  /** Donors that were asked for this case and said no, or could not deliver. */
  readonly refusedDonors: readonly string[];
}

export interface RoundFacts {
  readonly nowMs: number;
  readonly cases: readonly RoundCase[];
  readonly positions: readonly PositionDocument[];
  /** Units promised out of each SKU-store, and on their way to it, by `<store>|<sku>`. */
  readonly promised: ReadonlyMap<string, number>;
  readonly inbound: ReadonlyMap<string, number>;
  /** By store. */
  readonly policies: ReadonlyMap<string, { readonly bundle: PolicyBundle; readonly hash: string }>;
  readonly network: Network;
  /** Stores that have been out of reach for longer than a decision may rest on. */
  readonly staleStores: readonly string[];
  /** What was done lately, for the breakers. */
  readonly automation: { readonly acts: readonly AutomaticAct[]; readonly movements: readonly Movement[] };
  /** Running promotions of these products. */
  readonly promotions: readonly Promotion[];
  /** What options have shown at these stores, and where a model drifts. */
  readonly standings: readonly StandingRow[];
  readonly drifting: ReadonlyMap<string, string>;
  /** What keeping an order's promise is worth beyond its margin, per order line, in minor units. */
  readonly orderServiceMinor: number;
}

export interface Promotion {
  readonly id: string;
  readonly store: string;
  readonly sku: string;
  readonly minor: number;
  readonly uplift: number;
}

export const placeKey = (store: string, sku: string): string => `${store}|${sku}`;
