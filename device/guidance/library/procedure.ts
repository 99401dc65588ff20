/** A store's procedure as guidance knows it: sections by topic, each with a lead sentence and steps. */
import { type ExceptionKind, type OptionKind, ownerRoles, roles } from '@truecount/protocol';

/** Everybody who may read procedures: roles of staff and the owners of exceptions. */
export const readerRoles = [...new Set([...roles, ...ownerRoles])];
export type ReaderRole = (typeof roles)[number] | (typeof ownerRoles)[number];

/** What a question about a card can be about; `none` is what no procedure answers. */
export const cardTopics = ['act', 'why', 'next', 'tell', 'customer', 'leave'] as const;
export type CardTopic = (typeof cardTopics)[number];
export type Topic = CardTopic | 'none';

/** What the situation is, worked out by code so that no model judges a number. */
export const flags = ['sure', 'unsure', 'large', 'offline', 'ordered', 'late', 'elsewhere'] as const;
export type Flag = (typeof flags)[number];

export interface Step {
  /** `<procedure>/<topic>/<code>`: unique in the library, stable over versions. */
  readonly id: string;
  /** What kind of act it is: a word of the closed set that models are trained on, or the retailer's own. */
  readonly code: string;
  readonly text: string;
  /** All must hold. */
  readonly when: readonly Flag[];
  /** Who may read it; undefined: whoever may read the procedure. */
  readonly roles?: readonly ReaderRole[];
  /** The option it carries out, so that a policy can forbid it. */
  readonly option?: OptionKind;
}

export interface Section {
  readonly topic: string;
  readonly heading: string;
  /** One sentence that is true whenever the section applies. */
  readonly lead: string;
  readonly steps: readonly Step[];
}

export interface Procedure {
  readonly id: string;
  readonly title: string;
  readonly version: number;
  readonly roles: readonly ReaderRole[];
  readonly kinds: readonly ExceptionKind[];
  readonly option?: OptionKind;
  readonly area: string;
  /** Words under which staff look for it, besides those of its text. */
  readonly terms: string;
  readonly sections: readonly Section[];
}
