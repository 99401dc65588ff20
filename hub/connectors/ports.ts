/** The small ports through which the hub talks to the retailer's other systems. One adapter per vendor behind each. */

/** A document for ERP, commerce, customer service or the supply chain. `id` makes a repeated delivery harmless. */
export interface OutboundMessage {
  readonly id: string;
  readonly port: string;
  readonly what: string;
  readonly caseId: string;
  readonly madeAt: string;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface MessageSink {
  /** Resolves when the other side has it for good; throws when it should be tried again. */
  deliver(message: OutboundMessage): Promise<void>;
}
