/** One camera of the store in the agent's config. */
import { type Static, Type } from 'typebox';

const path = Type.String({ minLength: 1, maxLength: 500 });

export const CameraConfig = Type.Object({
  name: Type.String({
    pattern: '^[a-z0-9][a-z0-9-]{0,39}$',
    description: 'lower case letters, digits and -',
  }),
  source: Type.Union([
    Type.Object(
      { kind: Type.Literal('folder'), folder: path },
      { description: 'the newest picture of a folder' },
    ),
    Type.Object(
      {
        kind: Type.Literal('stream'),
        /** What ffmpeg opens: rtsp://, http:// (MJPEG), a video file, or /dev/video0. */
        url: path,
        /** A file again from its beginning when it ends; for demos and tests. */
        loop: Type.Optional(Type.Boolean()),
      },
      { description: 'read with ffmpeg' },
    ),
  ]),
  planogram: Type.Optional(path),
  /** How often a frame is looked at, at most. */
  everySeconds: Type.Number({ minimum: 0.05, maximum: 86_400 }),
});
export type CameraConfig = Static<typeof CameraConfig>;

export const VisionConfig = Type.Object({
  model: Type.Optional(path),
  /** How long pictures stay on this device; 0 keeps none but the last. They never leave it. */
  keepHours: Type.Number({ minimum: 0, maximum: 168 }),
  cameras: Type.Array(CameraConfig, { maxItems: 16 }),
});
export type VisionConfig = Static<typeof VisionConfig>;
