/** The way to the devices: a broker in this process, or somebody else's by URL. */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { DeviceAddress } from '@truecount/protocol';
import type { Assembly } from './assembly.ts';
import { type BrokerLink, connectBroker, openEmbeddedBroker } from './broker/index.ts';
import { brokerAccounts, deviceAuthenticator } from './enrolment/index.ts';
import { readTls } from './read-tls.ts';

interface OpenedBroker {
  readonly broker: BrokerLink;
  /** Known when the broker is somebody else's. */
  readonly mqttUrl: string | undefined;
  /** Of the authority that devices have to trust, where systems do not know it. */
  readonly caPem: string | undefined;
  readonly listen: () => Promise<string>;
  /** Brings the broker's accounts level with the database. */
  readonly accountsChanged: () => Promise<void>;
  readonly disconnect: (address: DeviceAddress) => void;
}

export async function openBroker({ config, database, logger, open }: Assembly): Promise<OpenedBroker> {
  const onWarning = (text: string): void => logger.warn(text);
  const settings = config.broker;
  if ('listen' in settings) {
    const tls = settings.tls && readTls(settings.tls, 'broker.tls');
    const broker = await openEmbeddedBroker({
      ...settings.listen,
      // The broker asks the database itself.
      authenticate: deviceAuthenticator(database),
      ...(tls ? { tls } : {}),
      onWarning,
    });
    open.push(() => broker.close());
    return {
      broker,
      mqttUrl: undefined,
      caPem: tls?.ca,
      listen: () => broker.listen(),
      accountsChanged: () => Promise.resolve(),
      disconnect: (address) => broker.disconnect(address),
    };
  }
  const { url, username, password, caFile, accounts } = settings;
  const ca = caFile === undefined ? undefined : readFileSync(caFile, 'utf8');
  const accountsChanged = accounts ? brokerAccounts(database, accountsOf(accounts)) : nobodyTold(onWarning);
  if (accounts) await accountsChanged();
  const broker = await connectBroker({
    url,
    instance: randomBytes(6).toString('hex'),
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(ca === undefined ? {} : { ca }),
    onWarning,
  });
  open.push(() => broker.close());
  return {
    broker,
    mqttUrl: url,
    caPem: ca,
    listen: () => Promise.resolve(url),
    accountsChanged,
    // Reading the accounts again ends the connections of those that are gone.
    disconnect: () => undefined,
  };
}

type Accounts = NonNullable<Extract<Assembly['config']['broker'], { readonly url: string }>['accounts']>;

const accountsOf = ({ passwordFile, pidFile, furtherLines }: Accounts) => ({
  passwordFile,
  ...(pidFile === undefined ? {} : { pidFile }),
  ...(furtherLines === undefined ? {} : { furtherLines }),
});

const nobodyTold = (onWarning: (text: string) => void) => (): Promise<void> => {
  onWarning(
    'devices have changed: bring the accounts of the broker level (broker.accounts in the config does it for Mosquitto)',
  );
  return Promise.resolve();
};
