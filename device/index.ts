/** The store agent: read a config, start it, close it. */
export { type AgentConfig, AgentConfigError, parseAgentConfig, readAgentConfig } from './config.ts';
export { type AgentDependencies, type AgentEvent, type RunningAgent, startAgent } from './main.ts';
