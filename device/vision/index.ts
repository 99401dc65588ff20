/** Pictures of shelves to facings, rows and gaps. */
export { type FrameCode, readBarcodes } from './barcodes/read-barcodes.ts';
export { type Decoded, decodeImage } from './detector/decode-image.ts';
export type { Box, Frame, Rect } from './detector/frame.ts';
export { SHIPPED_MODEL, startVision, type Vision } from './detector/start-vision.ts';
export { drawReading } from './draw/draw-reading.ts';
export { matchPlanogram, type PlanogramMatch } from './planogram/match-planogram.ts';
export { type Planogram, readPlanogram } from './planogram/planogram.ts';
export { readShelf, type ShelfReading } from './shelf/read-shelf.ts';
export { boardAt } from './shelf/find-rows.ts';
export type { CameraConfig, VisionConfig } from './cameras/camera-config.ts';
export { isTrusted, learnRates, shareRight, type CameraRates } from './cameras/camera-rates.ts';
export { ffmpegSource } from './cameras/ffmpeg-source.ts';
export { folderSource } from './cameras/folder-source.ts';
export { openFrameStore, type FrameStore } from './cameras/frame-store.ts';
export { type CameraLook, watchCamera } from './cameras/watch-camera.ts';
