/** The address under which this machine's screens reach the server. */
import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';

export function shownUrl(app: FastifyInstance): string {
  const { address, port, family } = app.server.address() as AddressInfo;
  const shown =
    address === '0.0.0.0' || address === '::' ? '127.0.0.1' : family === 'IPv6' ? `[${address}]` : address;
  return `http://${shown}:${port}`;
}
