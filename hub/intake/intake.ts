/**
 * The other end of every device's replication.
 *
 * Invariants: a push is answered after its commit and only then; the same push twice changes nothing the second time;
 * of a device's lives only the accepted one is heard. When the database or the broker is away nothing is decided:
 * devices keep their documents and ask again. Several intakes may run side by side on one database and one external
 * broker; any of them may end at any time.
 */
import {
  type Clock,
  type Command,
  type DeviceAddress,
  type DeviceView,
  filterOf,
  instant,
  parserFor,
  readTopic,
  topicOf,
  topics,
} from '@truecount/protocol';
import { packMessage, unpackMessage } from '@truecount/protocol/wire';
import type { BrokerLink } from '../broker/index.ts';
import { type Database, gathered } from '../database/index.ts';
import { type OnOpen, RequestAnswering } from './answer-requests.ts';
import { startHints } from './change-hints.ts';
import {
  deviceStatuses,
  devicesOnline,
  type DeviceStatus,
  listDevices,
  noteAllOffline,
  noteDeviceStates,
  type StateNote,
} from './device-registry.ts';
import { followPresence } from './follow-presence.ts';
import { type QuarantinedDocument, listQuarantine } from './quarantine.ts';
import { discardQuarantined, retryQuarantined, type RetryOutcome } from './retry-quarantined.ts';
import { takeAlert } from './take-alert.ts';
import type { OnChanges } from './take-push.ts';

export interface IntakeOptions {
  readonly database: Database;
  readonly broker: BrokerLink;
  readonly clock: Clock;
  /** True when this process is the broker: then nobody can be online before it listens. */
  readonly ownsBroker: boolean;
  /** Derives whatever follows from devices' changes, inside their transaction. */
  readonly onChanges?: OnChanges;
  /** A device opens; @returns a rotated secret that waits for it (hub/enrolment). */
  readonly onOpen?: OnOpen;
  /** A revoked device asks to be let in, and is told. */
  readonly onRevokedOpen?: (address: DeviceAddress) => void;
  /** Versions of the protocol to speak, newest first. */
  readonly versions?: readonly number[];
  /** How long devices have to say their state again after the broker was lost; default 30 s. */
  readonly presenceGraceMs?: number;
  /** A device came, went, or said something new about its health. */
  readonly onDeviceState?: (address: DeviceAddress) => void;
  readonly onWarning?: (text: string) => void;
}

export interface Intake {
  devices(): Promise<readonly DeviceView[]>;
  statuses(): Promise<readonly DeviceStatus[]>;
  /** Not stored: reaches the device only if it is connected now. */
  command(address: DeviceAddress, command: Command): Promise<void>;
  quarantine(): Promise<readonly QuarantinedDocument[]>;
  /** Takes a quarantined document after all, for example because the hub has learned to read it. */
  retry(id: string): Promise<RetryOutcome>;
  discard(id: string): Promise<boolean>;
  /** Resolves when every request taken so far is answered. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

/** Longer than any device asks again with the same id. */
const ANSWERS_KEPT_MS = 15 * 60_000;
const SWEEP_MS = 60_000;
/** Twice the longest wait of a device between two tries to connect. */
const PRESENCE_GRACE_MS = 30_000;

const parseState = parserFor(topics.state.schema);
const parseAlert = parserFor(topics.alert.schema);

export async function startIntake(options: IntakeOptions): Promise<Intake> {
  const { database, broker, clock } = options;
  const onWarning = options.onWarning ?? (() => undefined);
  const onChanges = options.onChanges ?? (() => Promise.resolve());
  const history = await historyOf(database);
  const answering = new RequestAnswering({
    database,
    broker,
    clock,
    history,
    onChanges,
    onWarning,
    ...(options.onOpen ? { onOpen: options.onOpen } : {}),
    ...(options.onRevokedOpen ? { onRevokedOpen: options.onRevokedOpen } : {}),
    ...(options.versions ? { versions: options.versions } : {}),
  });
  const now = (): string => instant(clock.now());
  if (options.ownsBroker) await noteAllOffline(database, now());
  const stopHints = await startHints({ database, broker, history, onWarning });
  const background = new Set<Promise<void>>();
  const inBackground = (work: Promise<void>): void => {
    const guarded = work
      .catch((error: unknown) => onWarning(`intake: ${String(error)}`))
      .finally(() => background.delete(guarded));
    background.add(guarded);
  };

  // A broker of its own may lose what it kept of devices; one in this process is lost with the process.
  const presence = options.ownsBroker
    ? undefined
    : followPresence({
        database,
        broker,
        now,
        graceMs: options.presenceGraceMs ?? PRESENCE_GRACE_MS,
        onGone: (address) => options.onDeviceState?.(address),
        inBackground,
      });
  const noteState = gathered((notes: readonly StateNote[]) => noteDeviceStates(database, notes));
  const onState = (topic: string, payload: Uint8Array): void => {
    const address = readTopic(topic)?.address;
    const message = unpackMessage(payload);
    const state = message.ok ? parseState(message.value) : message;
    if (!address || !state.ok) return;
    presence?.heard(address, state.value.online);
    inBackground(
      noteState({ address, state: state.value, heardAt: now() }).then((isNews) => {
        if (isNews) options.onDeviceState?.(address);
      }),
    );
  };
  const onAlert = (topic: string, payload: Uint8Array): void => {
    const address = readTopic(topic)?.address;
    const message = unpackMessage(payload);
    const alert = message.ok ? parseAlert(message.value) : message;
    if (address && alert.ok) inBackground(takeAlert(database, address, alert.value, onChanges));
  };
  const command = (address: DeviceAddress, what: Command): Promise<void> =>
    broker.publish(topicOf('command', address), packMessage(what), { qos: 1 });

  for (const name of ['open', 'pull', 'push'] as const)
    await broker.subscribe(filterOf(name), 'one', answering.onMessage);
  await broker.subscribe(filterOf('alert'), 'one', onAlert);
  // Every hub hears states: a shared subscription would not get the retained ones [MQTT 5, 4.8.2].
  await broker.subscribe(filterOf('state'), 'every', onState);
  await broker.announce();
  // Devices may have waited for this hub: they need not wait for their next try.
  for (const address of await devicesOnline(database, undefined))
    inBackground(command(address, { id: 'hub-start', kind: 'refresh' }));
  const sweep = setInterval(() => {
    const before = instant(clock.now() - ANSWERS_KEPT_MS);
    inBackground(database.query('DELETE FROM answers WHERE at < $1', [before]).then(() => undefined));
  }, SWEEP_MS);
  sweep.unref();

  return {
    devices: () => listDevices(database),
    statuses: () => deviceStatuses(database),
    command,
    quarantine: () => listQuarantine(database),
    retry: (id) => retryQuarantined(database, id, onChanges),
    discard: (id) => discardQuarantined(database, id),
    idle: async () => {
      await answering.idle();
      await Promise.all(background);
    },
    close: async () => {
      clearInterval(sweep);
      presence?.stop();
      await answering.idle();
      await stopHints();
      await Promise.all(background);
    },
  };
}

async function historyOf(database: Database): Promise<string> {
  const [row] = await database.query<{ id: string }>('SELECT id FROM document_history');
  if (!row) throw new Error('the table document_history is empty: run the migrations of hub/intake');
  return row.id;
}
