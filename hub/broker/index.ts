/** The hub's way to its devices: a broker in this process, or one by URL. */
export { userNameOf } from './access-rules.ts';
export type { BrokerLink } from './broker-link.ts';
export {
  InsecureBrokerError,
  openEmbeddedBroker,
} from './embedded-broker.ts';
export { connectBroker } from './external-broker.ts';
export { mosquittoAccessList, mosquittoConfig, mosquittoPasswordLine } from './mosquitto-files.ts';
