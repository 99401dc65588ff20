/** One possible answer to a case, scored in money over the case's horizon. */
import {
  evidence,
  type Evidence,
  type EvidenceCode,
  type EvidenceParams,
  type OptionKind,
  type PlannedUnits,
} from '@truecount/protocol';
import type { MessagePort } from '../outbox.ts';

export interface Term {
  readonly name: string;
  readonly minor: number;
}

export interface Candidate {
  readonly option: OptionKind;
  readonly text: string;
  /** The same for screens to say in the reader's language. */
  readonly said: Said;
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
  | { readonly kind: 'ask-store'; readonly store: string; readonly task: 'count' | 'restock' | 'check-feed' }
  | {
      readonly kind: 'move-units';
      readonly move: PlannedUnits;
      readonly valueMinor: number;
      readonly costMinor: number;
      readonly donorLossMinor: number;
      readonly donorConfidence: number;
      readonly receiverRisk: number;
      readonly laneHours: number;
      /** Told before the donor is asked, and taken back when the move ends, well or not. */
      readonly meanwhile?: { readonly port: MessagePort; readonly what: string; readonly undoWhat: string };
    }
  | { readonly kind: 'reassign-order'; readonly order: string; readonly to: string; readonly qty: number }
  | {
      readonly kind: 'message';
      readonly port: MessagePort;
      readonly what: string;
      /** What the same system is told to take it back; absent when it cannot be. */
      readonly undoWhat?: string;
    }
  | {
      readonly kind: 'split-order';
      readonly order: string;
      readonly sku: string;
      /** What the first store gives, already in hand when its pick came out short. */
      readonly kept: number;
      readonly isInHand: boolean;
      readonly parts: readonly { readonly store: string; readonly qty: number }[];
    }
  | {
      readonly kind: 'substitute';
      readonly order: string;
      readonly sku: string;
      readonly qty: number;
      readonly with: string;
      readonly name: string;
    };

export type Said = Pick<Evidence, 'code' | 'params'>;

/** What an option is, in both ways. */
export function named<C extends Extract<EvidenceCode, `option-${string}`>>(
  code: C,
  params: EvidenceParams<C> & Evidence['params'],
): Pick<Candidate, 'text' | 'said'> {
  return { text: evidence(code, params, '').text, said: { code, params } };
}

export const wholePercent = (probability: number): number => Math.round(probability * 100);

export const sumOf = (terms: readonly Term[]): number => terms.reduce((sum, { minor }) => sum + minor, 0);

/** An option as it is kept with the case, so that people can name it. */
export type KeptOption = Candidate & { readonly id: string };
