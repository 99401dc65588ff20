/** Runs one suite at every kind of broker that the hub supports. */
import { describe } from 'vitest';
import {
  type BrokerLink,
  connectBroker,
  mosquittoPasswordLine,
  openEmbeddedBroker,
} from '../../hub/broker/index.ts';
import { mosquittoProgram, startMosquitto } from './mosquitto.ts';
import { skippedWithout } from './programs.ts';

/** The secret of every device that is let in. */
export const SECRET = 'correct horse';

export interface TrialBroker {
  readonly url: string;
  readonly hub: BrokerLink;
  close(): Promise<void>;
}

/** Opens a broker; every call gives another one. */
export type OpenBroker = () => Promise<TrialBroker>;

/** @param users the devices that Mosquitto lets in, `<store>/<device>`; the embedded broker lets in whoever has the secret */
export function describeOnEachBroker(
  title: string,
  users: readonly string[],
  suite: (open: OpenBroker) => void,
): void {
  describe(`${title} (Aedes)`, () => {
    suite(async () => {
      const hub = await openEmbeddedBroker({
        authenticate: (_address, secret) => Promise.resolve(secret === SECRET ? 'known' : 'unknown'),
      });
      return { url: await hub.listen(), hub, close: () => hub.close() };
    });
  });
  describe.skipIf(skippedWithout('mosquitto', mosquittoProgram))(`${title} (Mosquitto)`, () => {
    suite(async () => {
      const server = await startMosquitto();
      await server.admit(users.map((user) => mosquittoPasswordLine(user, SECRET)));
      const hub = await connectBroker({ url: server.url, ...server.hubCredentials });
      return {
        url: server.url,
        hub,
        close: async () => {
          await hub.close();
          await server.stop();
        },
      };
    });
  });
}
