/** Where frames come from. A source ends by itself only when it is told to; what is wrong it says through `onState`. */
import type { Frame } from '../detector/frame.ts';

export type SourceState = { readonly state: 'up' } | { readonly state: 'down'; readonly message: string };

export interface FrameSource {
  /** Yields frames until `signal` aborts. A consumer that is slow misses frames; none are queued. */
  frames(signal: AbortSignal, onState: (state: SourceState) => void): AsyncGenerator<Frame>;
}
