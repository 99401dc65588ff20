/** The machine's serial ports with their USB identity, from `serialport` (on Linux through `udevadm`). */
import type { ListPorts } from './find-port.ts';

export const listPorts: ListPorts = async () => {
  const { SerialPort } = await import('serialport');
  return SerialPort.list();
};
