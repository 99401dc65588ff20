/** The detector's file is missing or is no such network. */
export class VisionModelError extends Error {
  readonly code = 'E_VISION_MODEL';
}
