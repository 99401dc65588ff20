/** How the hub itself speaks MQTT, whether the broker runs in this process or somewhere else. */
export type OnMessage = (topic: string, payload: Uint8Array) => void;

export interface PublishOptions {
  readonly qos: 0 | 1;
  readonly retain?: boolean;
}

export interface BrokerLink {
  /**
   * @param sharing `one`: of several hubs on one broker only one gets each message; `every`: all of them, retained
   *   messages included
   * @param onMessage returns at once; whoever needs longer queues
   */
  subscribe(filter: string, sharing: 'one' | 'every', onMessage: OnMessage): Promise<void>;
  /** Resolves when the broker has it; that says nothing about who reads it. */
  publish(topic: string, payload: Uint8Array, options: PublishOptions): Promise<void>;
  /** Hears every time the way to the broker is open (again), beginning with now if it is. */
  onConnected(listener: () => void): void;
  /** Tells devices that a hub is there; called when it listens, so that nobody asks too early. */
  announce(): Promise<void>;
  close(): Promise<void>;
}

export class BrokerStartError extends Error {
  readonly code = 'E_BROKER_START';
}
