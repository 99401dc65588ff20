/** Something that does not add up, found by the hub itself; it becomes one case. */
import type { Exception, ExceptionKind } from '@truecount/protocol';

export interface Mismatch {
  readonly kind: ExceptionKind;
  readonly store: string;
  readonly sku?: string;
  readonly order?: string;
  readonly reference?: string;
  readonly exposureMinor: number;
  readonly currency: string;
  readonly name: string | undefined;
  readonly text: string;
  /** The reservation's owner, when it is to be given back. */
  readonly giveBack?: string;
  /** Numbers that the answers need. */
  readonly detail?: Exception['evidence'][number]['params'];
}
