/** The hub's door: start one from its configuration. */
export { type HubConfig, HubConfigError, parseHubConfig, readHubConfig } from './config.ts';
export { type Hub, type HubEvent, type HubParts, startHub } from './main.ts';
