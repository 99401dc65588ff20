/** Door of the connectors: the retailer's other systems behind small ports. */
export { deliverMessage } from './deliver-message.ts';
export type { OutboundMessage } from './ports.ts';
export { readRecordedEvents } from './recorded-events.ts';
export { recordedFiles } from './recorded-files.ts';
export { publishStaff } from './staff-grants.ts';
