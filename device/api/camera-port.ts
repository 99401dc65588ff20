/** What the API needs of the shelf cameras. */
import type { ShelfVerdict, ShelfView } from '@truecount/protocol';

export interface CameraPort {
  views(): readonly ShelfView[];
  /** A kept picture as JPEG, people blurred; undefined when it is gone. */
  frame(camera: string, id: string): Buffer | undefined;
  /** Undefined where no such camera is known, or it has seen something new since. */
  judge(camera: string, verdict: ShelfVerdict, by: string): Promise<ShelfView | undefined>;
}
