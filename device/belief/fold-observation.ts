/** One coded observation folded into one SKU's belief and its record. */
import * as look from './look-steps.ts';
import * as movement from './movement-steps.ts';
import type { DemandModel } from './time-step.ts';
import { codeOf } from './observation-code.ts';
import type { WorkingState } from './working-state.ts';

/** Rules the record follows: see the observation table in the protocol's documentation. */
export function foldObservation(
  w: WorkingState,
  event: { readonly code: number; readonly x: number; readonly y: number },
  model: DemandModel,
): void {
  const { x, y } = event;
  const { parameters } = model;
  switch (event.code) {
    case codeOf.record:
      return look.readRecord(w, x, parameters);
    case codeOf.sale:
      w.record -= x;
      if (x > 0) movement.sell(w, x, model);
      else movement.bringIn(w, -x, movement.VOID_ERROR);
      return;
    case codeOf.receipt:
      if (Number.isNaN(x)) return movement.bringInUnknown(w, parameters);
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
      w.record = x;
      return look.countUnits(w, x, parameters);
    default:
      return;
  }
}
