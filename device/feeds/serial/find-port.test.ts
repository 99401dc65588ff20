import { describe, expect, it } from 'vitest';
import { findPort } from './find-port.ts';
import { listPorts } from './list-ports.ts';

const devices = [
  { path: '/dev/ttyUSB0', vendorId: '04b8', productId: '0202', serialNumber: 'A1' },
  { path: '/dev/ttyUSB1', vendorId: '04B8', productId: '0202', serialNumber: 'B2' },
];
const list = () => Promise.resolve(devices);
const udevMissing = () => Promise.reject(new Error('spawn udevadm ENOENT'));

describe('finding a port', () => {
  it('goes by the path when nothing else is known, without listing', async () => {
    expect(await findPort({ path: '/dev/ttyS0' }, udevMissing)).toEqual({ ok: true, path: '/dev/ttyS0' });
  });

  it('follows a USB identity to whatever path it has now', async () => {
    expect(await findPort({ vendorId: '04b8', serialNumber: 'B2' }, list)).toMatchObject({
      path: '/dev/ttyUSB1',
    });
    expect(await findPort({ vendorId: '04B8', productId: '0202', path: '/dev/ttyUSB1' }, list)).toMatchObject(
      {
        path: '/dev/ttyUSB1',
      },
    );
  });

  it('says which device is not plugged in', async () => {
    expect(await findPort({ vendorId: '04b8', productId: '9999' }, list)).toMatchObject({
      ok: false,
      code: 'port-absent',
      message: expect.stringMatching(/04b8:9999/),
    });
  });

  it('says that udevadm is missing, and goes on with the path where there is one', async () => {
    expect(await findPort({ vendorId: '04b8' }, udevMissing)).toMatchObject({
      ok: false,
      code: 'list-failed',
      message: expect.stringMatching(/udevadm.*missing/),
    });
    expect(await findPort({ vendorId: '04b8', path: '/dev/ttyUSB0' }, udevMissing)).toMatchObject({
      ok: true,
      path: '/dev/ttyUSB0',
      note: expect.stringMatching(/udevadm/),
    });
  });

  it('lists this machine or fails with a message, never with a crash', async () => {
    const outcome = await findPort({ vendorId: 'ffff', productId: 'ffff' }, listPorts);
    expect(outcome).toMatchObject({ ok: false, message: expect.stringMatching(/udevadm|plugged in/) });
  });
});
