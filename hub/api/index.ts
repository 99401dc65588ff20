/** Door of the hub's HTTP API. */
export type { ChangeTopic } from './event-stream.ts';
export type { HubPort } from './hub-port.ts';
export { keyHashOf, type Operator, Operators, sessionMigrations } from './operators.ts';
export { type ApiOptions, type ApiServer, startApi } from './server.ts';
