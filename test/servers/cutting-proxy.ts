/** A TCP proxy in front of a broker that cuts connections at a chosen packet. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface CuttingProxy extends AsyncDisposable {
  readonly url: string;
  /**
   * Cuts the connection at the next PUBLISH of a client to a topic that has `part` in it.
   * @param isDelivered whether the broker still gets it; its PUBACK is lost in both cases
   * @returns resolves when it was cut
   */
  cutAtPublish(part: string, isDelivered: boolean): Promise<void>;
  /** Cuts everything now; until `open` nobody gets through. */
  shut(): void;
  open(): void;
}

/** MQTT 3.1.1, 2.2.1: the packet type is in the upper half of the first byte. */
const PUBLISH = 3;

/** Puts a stream of bytes back together into whole packets (MQTT 3.1.1, 2.2). */
function packetsOf(onPacket: (packet: Buffer) => void): (chunk: Buffer) => void {
  let rest = Buffer.alloc(0);
  return (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    for (;;) {
      const digits = [...rest.subarray(1, 5)];
      const last = digits.findIndex((digit) => digit < 0x80);
      if (last < 0) return;
      const length = digits
        .slice(0, last + 1)
        .reduce((sum, digit, at) => sum + (digit & 0x7f) * 128 ** at, 0);
      const end = 2 + last + length;
      if (rest.length < end) return;
      onPacket(rest.subarray(0, end));
      rest = rest.subarray(end);
    }
  };
}

export async function startCuttingProxy(brokerUrl: string): Promise<CuttingProxy> {
  const target = new URL(brokerUrl);
  const pairs = new Set<{ readonly client: Socket; readonly broker: Socket }>();
  let isShut = false;
  let cut: { readonly part: string; readonly isDelivered: boolean; readonly done: () => void } | undefined;
  const server = createServer((client) => {
    if (isShut) {
      client.destroy();
      return;
    }
    const broker = connect(Number(target.port), target.hostname);
    const pair = { client, broker };
    pairs.add(pair);
    const end = (): void => {
      pairs.delete(pair);
      // Both end after what was written has left.
      client.destroySoon();
      broker.destroySoon();
    };
    const packets = packetsOf((packet) => {
      if (!cut || packet[0] === undefined || packet[0] >> 4 !== PUBLISH || !packet.includes(cut.part)) {
        broker.write(packet);
        return;
      }
      const { isDelivered, done } = cut;
      cut = undefined;
      // The bytes leave before the connection ends, and whatever the broker answers finds nobody.
      if (isDelivered) broker.end(packet, () => done());
      else done();
      client.destroy();
    });
    client.on('data', packets);
    broker.on('data', (chunk) => client.write(chunk));
    for (const socket of [client, broker]) socket.on('close', end).on('error', end);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cutAtPublish: (part, isDelivered) =>
      new Promise((done) => {
        cut = { part, isDelivered, done };
      }),
    shut: () => {
      isShut = true;
      for (const { client, broker } of pairs) {
        client.destroy();
        broker.destroy();
      }
    },
    open: () => {
      isShut = false;
    },
    [Symbol.asyncDispose]: async () => {
      server.close();
      for (const { client, broker } of pairs) {
        client.destroy();
        broker.destroy();
      }
      await Promise.resolve();
    },
  };
}
