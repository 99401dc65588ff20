/**
 * What a Mosquitto server needs to enforce the hub's rules: access list, passwords and the settings they rest on.
 * The rules are patterns over the user name, so a new device needs one password line and nothing else.
 */
import { pbkdf2Sync, randomBytes } from 'node:crypto';
import { hubStateFilter, TOPIC_ROOT, topics } from '@truecount/protocol';
import { topicsOfDevice, topicsOfHub } from './access-rules.ts';
import { MAX_PACKET_BYTES } from './packet-meter.ts';

/** `%u` is the user name `<store>/<device>` (mosquitto.conf(5), acl_file). */
export function mosquittoAccessList(hubUser: string): string {
  const branch = `${TOPIC_ROOT}/%u`;
  return [
    `user ${hubUser}`,
    `topic readwrite ${TOPIC_ROOT}/#`,
    '',
    ...topicsOfDevice.map((name) => `pattern write ${branch}/${topics[name].pattern}`),
    ...topicsOfHub.map((name) => `pattern read ${branch}/${topics[name].pattern}`),
    `pattern read ${hubStateFilter}`,
    '',
  ].join('\n');
}

/** Iterations that mosquitto_passwd uses; secrets of devices are random and long, so more would add nothing. */
const ITERATIONS = 101;

/** One line of the password file: PBKDF2-HMAC-SHA512, as mosquitto_passwd writes it. */
export function mosquittoPasswordLine(
  user: string,
  secret: string,
  salt: Uint8Array = randomBytes(12),
): string {
  const hash = pbkdf2Sync(secret, salt, ITERATIONS, 64, 'sha512');
  return `${user}:$7$${ITERATIONS}$${Buffer.from(salt).toString('base64')}$${hash.toString('base64')}`;
}

export function mosquittoConfig(options: {
  readonly port: number;
  readonly host: string;
  readonly passwordFile: string;
  readonly accessFile: string;
  /** Certificate and key, PEM. Anything beyond loopback needs them. */
  readonly tls?: { readonly certFile: string; readonly keyFile: string };
  /** Where the server writes its process id, so that a hub on the same machine can have it read its files again. */
  readonly pidFile?: string;
}): string {
  const { tls, pidFile } = options;
  return [
    `listener ${options.port} ${options.host}`,
    ...(tls ? [`certfile ${tls.certFile}`, `keyfile ${tls.keyFile}`, 'tls_version tlsv1.2'] : []),
    ...(pidFile === undefined ? [] : [`pid_file ${pidFile}`]),
    'allow_anonymous false',
    `password_file ${options.passwordFile}`,
    `acl_file ${options.accessFile}`,
    // [MQTT-3.1.3-8]: no client id only with a clean session.
    'allow_zero_length_clientid false',
    `max_packet_size ${MAX_PACKET_BYTES}`,
    'max_keepalive 120',
    'set_tcp_nodelay true',
    'persistence false',
    '',
  ].join('\n');
}
