/** The hub's way to its devices: a broker in this process, or one by URL. */
export { readUserName, userNameOf } from './access-rules.ts';
export { type BrokerLink, BrokerStartError, type OnMessage, type PublishOptions } from './broker-link.ts';
export {
  type Authenticate,
  type EmbeddedBroker,
  type EmbeddedBrokerOptions,
  InsecureBrokerError,
  openEmbeddedBroker,
} from './embedded-broker.ts';
export { connectBroker, type ExternalBrokerOptions } from './external-broker.ts';
export { mosquittoAccessList, mosquittoConfig, mosquittoPasswordLine } from './mosquitto-files.ts';
