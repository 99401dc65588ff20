/** Intake's door: the hub's document table and the other end of every device's replication. */
export type { DeviceStatus } from './device-registry.ts';
export { listenForDocuments } from './document-changes.ts';
export {
  getDocument,
  getDocuments,
  listDocuments,
  putDocument,
  updateDocument,
} from './document-table.ts';
export { type Intake, startIntake } from './intake.ts';
export { intakeMigrations } from './tables.ts';
export type { OnChanges } from './take-push.ts';
