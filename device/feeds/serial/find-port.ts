/** Which device file a configured port has now: its path, or the one that carries its USB identity. */
export interface PortIdentity {
  readonly path?: string | undefined;
  readonly vendorId?: string | undefined;
  readonly productId?: string | undefined;
  readonly serialNumber?: string | undefined;
}

interface PortInfo extends PortIdentity {
  readonly path: string;
}

export type ListPorts = () => Promise<readonly PortInfo[]>;

export type PortFound =
  | { readonly ok: true; readonly path: string; readonly note?: string }
  | { readonly ok: false; readonly code: 'list-failed' | 'port-absent'; readonly message: string };

const same = (wanted: string | undefined, found: string | undefined): boolean =>
  wanted === undefined || wanted.toLowerCase() === found?.toLowerCase();

/** USB identity first, because a replugged device may come back under another path; the path as the fallback. */
export async function findPort(wanted: PortIdentity, list: ListPorts): Promise<PortFound> {
  const hasUsbIdentity = wanted.vendorId !== undefined || wanted.serialNumber !== undefined;
  if (!hasUsbIdentity && wanted.path !== undefined) return { ok: true, path: wanted.path };
  let ports: readonly PortInfo[];
  try {
    ports = await list();
  } catch (error) {
    const message = listFailure(error);
    if (wanted.path === undefined) return { ok: false, code: 'list-failed', message };
    return { ok: true, path: wanted.path, note: `${message}; using the configured path ${wanted.path}` };
  }
  const matching = ports.filter(
    (port) =>
      same(wanted.vendorId, port.vendorId) &&
      same(wanted.productId, port.productId) &&
      same(wanted.serialNumber, port.serialNumber),
  );
  const found = matching.find(({ path }) => path === wanted.path) ?? matching[0];
  if (found) return { ok: true, path: found.path };
  const identity = [wanted.vendorId, wanted.productId, wanted.serialNumber].filter(Boolean).join(':');
  return {
    ok: false,
    code: 'port-absent',
    message: `no serial port with USB identity ${identity} is plugged in (${ports.length} others are)`,
  };
}

function listFailure(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return /udevadm|ENOENT/.test(text)
    ? 'serial ports cannot be listed because the program "udevadm" is missing (install udev, or configure the port by its path)'
    : `serial ports cannot be listed: ${text}`;
}
