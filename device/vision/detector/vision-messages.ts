/** What passes between an agent's main thread and its vision thread. */
import type { Box, Frame } from './frame.ts';

export interface VisionRequest {
  readonly id: number;
  readonly frame: Frame;
}

export type VisionReply =
  | { readonly type: 'ready'; readonly version: string }
  | { readonly type: 'failed'; readonly code: string; readonly problem: string }
  | { readonly type: 'seen'; readonly id: number; readonly boxes: readonly Box[] }
  | { readonly type: 'not-seen'; readonly id: number; readonly problem: string };
