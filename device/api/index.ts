/** The store agent's HTTP API; its shapes are declared in protocol/device-api.ts. */
export type { ChangeTopic } from './event-stream.ts';
export type { AgentPort, GuidancePort, HealthCheck } from './ports.ts';
export { type ApiServer, startApi } from './server.ts';
export { type SetUpPort, startSetUpApi } from './set-up.ts';
