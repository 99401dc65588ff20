/** A TCP proxy in front of a broker that cuts connections at a chosen packet. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface CuttingProxy extends AsyncDisposable {
  readonly url: string;
  /**
   * Cuts the connection at the next PUBLISH of a client.
   * @param isDelivered whether the broker still gets it; its PUBACK is lost in both cases
   * @returns resolves when it was cut
   */
  cutAtPublish(isDelivered: boolean): Promise<void>;
  /** Cuts everything now; until `open` nobody gets through. */
  shut(): void;
  open(): void;
}

/** MQTT 3.1.1, 2.2.1: the packet type is in the upper half of the first byte. */
const PUBLISH = 3;

export async function startCuttingProxy(brokerUrl: string): Promise<CuttingProxy> {
  const target = new URL(brokerUrl);
  const pairs = new Set<{ readonly client: Socket; readonly broker: Socket }>();
  let isShut = false;
  let cut: { readonly isDelivered: boolean; readonly done: () => void } | undefined;
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
      client.destroy();
      broker.destroy();
    };
    client.on('data', (chunk: Buffer) => {
      const isCut = cut !== undefined && (chunk[0] ?? 0) >> 4 === PUBLISH;
      if (!isCut) {
        broker.write(chunk);
        return;
      }
      const { isDelivered, done } = cut ?? { isDelivered: false, done: () => undefined };
      cut = undefined;
      client.destroy();
      // The bytes leave before the connection ends, and whatever the broker answers finds nobody.
      if (isDelivered) broker.end(chunk, done);
      else {
        broker.destroy();
        done();
      }
    });
    broker.on('data', (chunk) => client.write(chunk));
    for (const socket of [client, broker]) socket.on('close', end).on('error', end);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cutAtPublish: (isDelivered) =>
      new Promise((done) => {
        cut = { isDelivered, done };
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
