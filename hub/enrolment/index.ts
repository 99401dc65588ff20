/** Enrolment's door: how devices get, change and lose their credentials. See README.md. */
export { deviceAuthenticator } from './authenticate-device.ts';
export { brokerAccounts } from './broker-accounts.ts';
export { adoptDevice, brokerPasswordLines, enrolDevice } from './credentials.ts';
export { type Enrolment, startEnrolment } from './enrolment.ts';
export { enrolmentKeys } from './keys.ts';
export { enrolmentMigrations } from './tables.ts';
