/** One coded observation folded into one SKU's belief and its record. */
import * as look from './look-steps.ts';
import * as movement from './movement-steps.ts';
import type { DemandModel } from './time-step.ts';
import { codeOf } from './observation-code.ts';
import type { WorkingState } from './working-state.ts';

/** Rules the record follows: see the observation table in the protocol's documentation. */
export function foldObservation(
  w: WorkingState,
  code: number,
  x: number,
  y: number,
  model: DemandModel,
): void {
  const { parameters } = model;
  switch (code) {
    case codeOf.record:
      noteFound(w, x);
      return look.readRecord(w, x, parameters);
    case codeOf.sale:
      w.record -= x;
      if (x > 0) movement.sell(w, x, model);
      else movement.bringIn(w, -x, movement.VOID_ERROR);
      return;
    case codeOf.receipt:
      if (Number.isNaN(x)) return movement.bringInUnknown(w, parameters);
      noteReorder(w);
      w.record += x;
      return movement.bringIn(w, x, movement.receiptError(parameters, x));
    case codeOf.transfer:
      w.record += x;
      if (x >= 0) movement.bringIn(w, x, movement.receiptError(parameters, x));
      else movement.takeOut(w, -x, movement.BOOKING_ERROR);
      return;
    case codeOf.return:
      if (y === 0) return;
      w.record += x;
      return movement.bringIn(w, x, movement.returnError(parameters));
    case codeOf.pick:
      w.record -= y;
      return movement.pick(w, x, y, parameters);
    case codeOf.waste:
      w.record -= x;
      return movement.takeOut(w, x, movement.BOOKING_ERROR);
    case codeOf.seen:
      return look.see(w, parameters);
    case codeOf.shelf:
      return look.viewShelf(w, x, y, parameters);
    case codeOf.count:
      noteFound(w, x);
      w.record = x;
      return look.countUnits(w, x, parameters);
    default:
      return;
  }
}

/** Where the record stood when goods came: half of the memory is the last delivery's. */
function noteReorder(w: WorkingState): void {
  if (Number.isNaN(w.record)) return;
  w.reordersAt = Number.isNaN(w.reordersAt) ? w.record : 0.5 * (w.reordersAt + w.record);
}

/** What a count or a correction adds to the record, or takes from it. */
function noteFound(w: WorkingState, to: number): void {
  if (!Number.isNaN(w.record)) w.foundBeyond += to - w.record;
}
