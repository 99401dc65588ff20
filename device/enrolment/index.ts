/** Enrolment's door at the device: a code becomes credentials in the data folder. See README.md. */
export { EnrolmentError } from './ask-hub.ts';
export { askStanding, enrol } from './enrol.ts';
export { type EnrolmentRecord, keepSecret, readEnrolment } from './enrolment-file.ts';
