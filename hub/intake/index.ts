/** Intake's door: the hub's document table and the other end of every device's replication. */
export { adoptDevice } from './adopt-device.ts';
export { deviceAuthenticator } from './authenticate-device.ts';
export {
  brokerPasswordLines,
  type DeviceCredentials,
  type DeviceStatus,
  enrolDevice,
} from './device-registry.ts';
export { type DocumentsChanged, listenForDocuments } from './document-changes.ts';
export { ALL_STORES } from './document-scope.ts';
export {
  DocumentRefusedError,
  getDocument,
  getDocuments,
  listDocuments,
  type ListOptions,
  putDocument,
  updateDocument,
} from './document-table.ts';
export { type Intake, type IntakeOptions, startIntake } from './intake.ts';
export type { QuarantinedDocument } from './quarantine.ts';
export type { RetryOutcome } from './retry-quarantined.ts';
export type { StoredDocument } from './stored-document.ts';
export { intakeMigrations } from './tables.ts';
export type { DocumentChange, OnChanges } from './take-push.ts';
