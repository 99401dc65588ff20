/** Door of the hub's HTTP API. */
export type { EnrolmentPort, HubPort } from './hub-port.ts';
export { keyHashOf, Operators, sessionMigrations } from './operators.ts';
export { type ApiServer, startApi } from './server.ts';
