/** One possible answer to a case, scored in money over the case's horizon. */
import type { OptionKind, PlannedUnits } from '@truecount/protocol';

export interface Term {
  readonly name: string;
  readonly minor: number;
}

export interface Candidate {
  readonly option: OptionKind;
  readonly text: string;
  /** Expected gain over doing nothing, and one standard deviation of it. */
  readonly expectedMinor: number;
  readonly spreadMinor: number;
  readonly successProbability: number;
  /** Add up to `expectedMinor`. */
  readonly terms: readonly Term[];
  readonly steps: readonly string[];
  /** How it is taken back; absent when it cannot be. */
  readonly undo?: string;
  /** What carries it out. */
  readonly action: OptionAction;
}

export type OptionAction =
  | { readonly kind: 'ask-store'; readonly store: string; readonly task: 'count' | 'restock' }
  | {
      readonly kind: 'move-units';
      readonly move: PlannedUnits;
      readonly valueMinor: number;
      readonly costMinor: number;
      readonly donorLossMinor: number;
      readonly donorConfidence: number;
      readonly receiverRisk: number;
      readonly laneHours: number;
    }
  | { readonly kind: 'reassign-order'; readonly order: string; readonly to: string; readonly qty: number }
  | {
      readonly kind: 'message';
      readonly port: 'erp' | 'commerce' | 'service' | 'supply';
      readonly what: string;
    };

export const sumOf = (terms: readonly Term[]): number => terms.reduce((sum, { minor }) => sum + minor, 0);

/** An option as it is kept with the case, so that people can name it. */
export type KeptOption = Candidate & { readonly id: string };
