/**
 * One question to the hub's HTTP API, before or beside MQTT. Over HTTPS, except on this machine; a certificate that the
 * system does not know is trusted when it leads to the pinned authority or has the fingerprint that people were shown.
 */
import { request as httpRequest, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { connect } from 'node:tls';
import { Problem, readerFor } from '@truecount/protocol';

export interface HubApi {
  /** `https://host:port` */
  readonly url: string;
  /** PEM of the authority, or of the certificate itself. */
  readonly caPem?: string;
}

export class EnrolmentError extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

const WITHIN_MS = 20_000;
const MAX_ANSWER_BYTES = 256 * 1024;
const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);
const readProblem = readerFor(Problem);

export function hubUrl(text: string): URL {
  const url = URL.parse(/^https?:\/\//.test(text) ? text : `https://${text}`);
  if (!url) throw new EnrolmentError('E_HUB_ADDRESS', `"${text}" is no address; write https://hub:7380`);
  if (url.protocol === 'http:' && !LOOPBACK.has(url.hostname))
    throw new EnrolmentError(
      'E_HUB_INSECURE',
      `${url.origin} is not encrypted, and what comes back is a secret; give the hub a certificate and use https://`,
    );
  return url;
}

/**
 * The certificate that the hub shows, when its fingerprint is the one that people were shown.
 * @param fingerprint SHA-256, hex, with or without colons
 * @returns PEM, to pin
 */
export function certificateWith(fingerprint: string, url: URL): Promise<string> {
  const plain = (text: string): string => text.replaceAll(/[^0-9a-f]/gi, '').toLowerCase();
  return new Promise((resolve, reject) => {
    // Nothing is sent on this connection: it only brings the certificate to look at.
    const socket = connect(
      {
        host: hostOf(url),
        port: Number(url.port) || 443,
        servername: nameOf(url),
        rejectUnauthorized: false,
      },
      () => {
        const { raw, fingerprint256 } = socket.getPeerCertificate();
        socket.destroy();
        if (plain(fingerprint256) !== plain(fingerprint))
          reject(
            new EnrolmentError(
              'E_HUB_UNTRUSTED',
              `${url.origin} shows the fingerprint ${fingerprint256}, which is not the one you gave; ` +
                'compare it with the hub, and do not go on if they differ',
            ),
          );
        else resolve(pemOf(raw));
      },
    );
    socket.setTimeout(WITHIN_MS, () => socket.destroy(new Error('no answer in time')));
    socket.on('error', (error) => reject(unreachable(url, error)));
  });
}

const pemOf = (der: Buffer): string =>
  `-----BEGIN CERTIFICATE-----\n${(der.toString('base64').match(/.{1,64}/g) ?? []).join('\n')}\n-----END CERTIFICATE-----\n`;

export async function askHub(hub: HubApi, path: string, body: unknown): Promise<unknown> {
  const url = hubUrl(hub.url);
  const { status, text } = await post(url, path, { body: JSON.stringify(body), caPem: hub.caPem });
  const json = jsonOf(text);
  if (status >= 200 && status < 300) return json;
  const problem = readProblem(json);
  if (problem.ok) throw new EnrolmentError(problem.value.code, problem.value.detail);
  throw new EnrolmentError(
    'E_HUB_ANSWER',
    `${url.origin}${path} answered ${status}; is this the hub's address?`,
  );
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

function post(
  url: URL,
  path: string,
  { body, caPem }: { readonly body: string; readonly caPem: string | undefined },
): Promise<Answer> {
  const options: RequestOptions = {
    method: 'POST',
    host: hostOf(url),
    port: url.port || (url.protocol === 'https:' ? 443 : 80),
    path,
    headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
    signal: AbortSignal.timeout(WITHIN_MS),
    agent: false,
  };
  const tls = {
    servername: nameOf(url),
    // A pinned certificate need not be its own authority.
    ...(caPem === undefined ? {} : { ca: caPem, allowPartialTrustChain: true }),
  };
  return new Promise((resolve, reject) => {
    const request = url.protocol === 'https:' ? httpsRequest({ ...options, ...tls }) : httpRequest(options);
    request.on('error', (error) => reject(unreachable(url, error)));
    request.on('response', (response) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > MAX_ANSWER_BYTES) response.destroy(new Error('the answer is too long'));
        else chunks.push(chunk);
      });
      response.on('error', (error) => reject(unreachable(url, error)));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') }),
      );
    });
    request.end(body);
  });
}

const hostOf = (url: URL): string => url.hostname.replace(/^\[|\]$/g, '');
/** RFC 6066: no addresses in the server name. */
const nameOf = (url: URL): string => (/^[\d.]+$|^\[/.test(url.hostname) ? '' : url.hostname);

function unreachable(url: URL, error: Error): EnrolmentError {
  const code = 'code' in error ? String(error.code) : '';
  if (/CERT|SIGNED|VERIFY|ALTNAME/.test(code))
    return new EnrolmentError(
      'E_HUB_UNTRUSTED',
      `${url.origin} shows a certificate that this device does not trust (${error.message}); name its authority ` +
        'with --ca, or the fingerprint that the hub shows with --fingerprint',
    );
  return new EnrolmentError(
    'E_HUB_UNREACHABLE',
    `${url.origin} does not answer (${error.message || code}); check the address and the network`,
  );
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
