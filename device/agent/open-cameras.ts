/** Cameras load their libraries only where there are cameras: a store without any starts as fast and as small as one without this code. */
import type { CameraDesk, CameraDeskOptions } from './camera-desk.ts';

const noCameras: CameraDesk = {
  views: () => [],
  frame: () => undefined,
  judge: async () => undefined,
  close: async () => undefined,
};

export const openCameras = async (options: CameraDeskOptions): Promise<CameraDesk> =>
  options.config === undefined || options.config.cameras.length === 0
    ? noCameras
    : (await import('./camera-desk.ts')).runCameras(options);
