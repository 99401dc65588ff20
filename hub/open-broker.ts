/** The way to the devices: a broker in this process, or somebody else's by URL. */
import { readFileSync } from 'node:fs';
import type { Assembly } from './assembly.ts';
import { type BrokerLink, connectBroker, openEmbeddedBroker } from './broker/index.ts';
import { deviceAuthenticator } from './intake/index.ts';

interface OpenedBroker {
  readonly broker: BrokerLink;
  /** Known when the broker is somebody else's. */
  readonly mqttUrl: string | undefined;
  readonly listen: () => Promise<string>;
}

export async function openBroker({ config, database, logger, open }: Assembly): Promise<OpenedBroker> {
  const onWarning = (text: string): void => logger.warn(text);
  const settings = config.broker;
  if ('listen' in settings) {
    const { tls, listen } = settings;
    const broker = await openEmbeddedBroker({
      ...listen,
      authenticate: deviceAuthenticator(database),
      ...(tls
        ? { tls: { cert: readFileSync(tls.certFile, 'utf8'), key: readFileSync(tls.keyFile, 'utf8') } }
        : {}),
      onWarning,
    });
    open.push(() => broker.close());
    return { broker, mqttUrl: undefined, listen: () => broker.listen() };
  }
  const { url, username, password, caFile } = settings;
  const broker = await connectBroker({
    url,
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(caFile === undefined ? {} : { ca: readFileSync(caFile, 'utf8') }),
    onWarning,
  });
  open.push(() => broker.close());
  return { broker, mqttUrl: url, listen: () => Promise.resolve(url) };
}
