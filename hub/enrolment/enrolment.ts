/**
 * Who may be one of the hub's devices: codes are made, devices redeem them, secrets are rotated, access is withdrawn.
 * Every change is one transaction with its audit entry; the broker is told after the commit, and what a hub that died in
 * between did not tell it, the next start does.
 */
import {
  type Clock,
  type CodeRequest,
  type Command,
  type DeviceAddress,
  type DeviceSecret,
  type EnrolmentRequest,
  type IssuedCode,
  newId,
  type OpenCode,
  type StandingRequest,
  standingProof,
  type StandingResult,
} from '@truecount/protocol';
import { isSignedBy, publicKeyFromPem } from '@truecount/protocol/signing';
import type { Database, Transaction } from '../database/index.ts';
import type { AuditFact } from '../governance/index.ts';
import { issueCode, openCodes } from './codes.ts';
import { beginRotation, credentialsOf, finishRotation, nextSecret, revokeDevice } from './credentials.ts';
import { refusalText } from './judge-code.ts';
import { Farewells } from './farewells.ts';
import type { EnrolmentKeys } from './keys.ts';
import { proofOf, redeemCode } from './redeem-code.ts';

/** What enrolment needs of the broker. */
export interface BrokerDoor {
  /** Devices, secrets or revocations have changed. Resolves when the broker has them. */
  accountsChanged(): Promise<void>;
  command(address: DeviceAddress, command: Command): Promise<void>;
  /** Ends every connection of a device. */
  disconnect(address: DeviceAddress): void;
}

export interface EnrolmentParts {
  readonly database: Database;
  readonly keys: EnrolmentKeys;
  readonly clock: Clock;
  /** Appends to the audit chain, last in its transaction. */
  readonly audit: (tx: Transaction, facts: readonly AuditFact[]) => Promise<void>;
  readonly broker: BrokerDoor;
  readonly onWarning: (text: string) => void;
}

type Refused = { readonly problem: string };

export interface Enrolment {
  issue(wanted: CodeRequest & { readonly by: string }): Promise<Omit<IssuedCode, 'fingerprint'> | Refused>;
  open(): Promise<readonly OpenCode[]>;
  redeem(
    request: EnrolmentRequest,
  ): Promise<{ readonly address: DeviceAddress; readonly secret: DeviceSecret } | Refused>;
  standing(request: StandingRequest): Promise<StandingResult>;
  rotate(device: string, by: string): Promise<Refused | undefined>;
  revoke(device: string, why: { readonly reason: string; readonly by: string }): Promise<Refused | undefined>;
  /**
   * A device opens and says which generation of its secret it holds.
   * @returns a newer one that waits for it
   */
  onOpen(address: DeviceAddress, generation: number | undefined): Promise<DeviceSecret | undefined>;
  /** A revoked device has asked to be let in: it knows. */
  onRevokedOpen(address: DeviceAddress): void;
}

export function startEnrolment(parts: EnrolmentParts): Enrolment {
  const { database, keys, clock, audit, broker } = parts;
  const farewells = new Farewells();
  /** The broker may be away; the accounts are then brought level at the next change or start. */
  const tellBroker = (work: Promise<void>): Promise<void> =>
    work.catch((error: unknown) => parts.onWarning(`the broker was not told of a change: ${String(error)}`));
  const storeOf = async (device: string): Promise<string | undefined> => {
    const [row] = await database.query<{ store: string }>('SELECT store FROM devices WHERE id = $1', [
      device,
    ]);
    return row?.store;
  };
  return {
    issue: (wanted) =>
      database.transaction(async (tx) => {
        const issued = await issueCode(tx, wanted, { keys, clock });
        if ('problem' in issued) return issued;
        const text = `a code for ${issued.store}/${issued.device} was made, good until ${issued.expiresAt}`;
        const detail = { code: issued.id, store: issued.store, device: issued.device };
        await audit(tx, [
          { actor: wanted.by, action: 'device.code-made', subject: issued.device, text, detail },
        ]);
        return issued;
      }),
    open: () => openCodes(database, clock.now()),
    redeem: async (request) => {
      if (proofOf(request) === undefined)
        return {
          problem: 'The device did not prove that it holds the key it named. Try again with the same code.',
        };
      const redeemed = await database.transaction(async (tx) => {
        const outcome = await redeemCode(tx, request, { keys, clock });
        await audit(tx, outcome.facts);
        return outcome;
      });
      if (redeemed.kind === 'refused') return { problem: refusalText[redeemed.why] };
      // Also when it is asked again: the hub may have died between its commit and the broker.
      await tellBroker(broker.accountsChanged());
      if (redeemed.isFirst) broker.disconnect(redeemed.address);
      return { address: redeemed.address, secret: redeemed.secret };
    },
    standing: async ({ store, device, signature }) => {
      const row = await credentialsOf(database, { store, device });
      const isTheirs =
        row?.public_key != null &&
        isSignedBy(standingProof(store, device), signature, publicKeyFromPem(row.public_key));
      if (!isTheirs) return { state: 'replaced' };
      return row.revoked_reason === null
        ? { state: 'active' }
        : { state: 'revoked', reason: row.revoked_reason };
    },
    rotate: async (device, by) => {
      const store = await storeOf(device);
      if (store === undefined) return { problem: `there is no device ${device}` };
      const address = { store, device };
      const begun = await database.transaction(async (tx) => {
        const outcome = await beginRotation(tx, address, keys);
        if (outcome === 'begun')
          await audit(tx, [
            {
              actor: by,
              action: 'device.rotation-begun',
              subject: device,
              text: `${store}/${device} gets a new secret; the present one holds until it is used`,
            },
          ]);
        return outcome;
      });
      if (begun !== 'begun') return { problem: rotationProblem[begun](device) };
      // It opens again and gets the secret with the answer; a device that is away gets it when it comes.
      await tellBroker(broker.command(address, { id: newId(clock.now()), kind: 'open-again' }));
      return undefined;
    },
    revoke: async (device, { reason, by }) => {
      const store = await storeOf(device);
      if (store === undefined) return { problem: `there is no device ${device}` };
      const address = { store, device };
      const wasOnline = await database.transaction(async (tx) => {
        const before = await revokeDevice(tx, address, reason, clock);
        const text = `${store}/${device} may no longer talk to the hub: ${reason}`;
        await audit(tx, [{ actor: by, action: 'device.revoked', subject: device, text }]);
        return before === 'online';
      });
      const tell = (): Promise<void> =>
        tellBroker(broker.command(address, { id: newId(clock.now()), kind: 'revoked', reason }));
      await (wasOnline ? farewells.say(address, tell) : tell());
      await tellBroker(broker.accountsChanged());
      broker.disconnect(address);
      return undefined;
    },
    onOpen: async (address, generation) => {
      const row = await credentialsOf(database, address);
      const next = row && nextSecret(address, row, keys);
      if (!next || generation === undefined) return undefined;
      if (generation < next.generation) return next;
      const isTaken = await database.transaction(async (tx) => {
        const taken = await finishRotation(tx, address, next);
        if (taken)
          await audit(tx, [
            {
              actor: `device:${address.device}`,
              action: 'device.rotated',
              subject: address.device,
              text: `${address.store}/${address.device} holds its new secret; the old one has ended`,
            },
          ]);
        return taken;
      });
      if (isTaken) await tellBroker(broker.accountsChanged());
      return undefined;
    },
    onRevokedOpen: (address) => farewells.heard(address),
  };
}

const rotationProblem = {
  unknown: (device: string) => `there is no device ${device}`,
  revoked: (device: string) => `device ${device} was revoked; make a code and enrol it again`,
  'from-config': (device: string) =>
    `the secret of device ${device} stands in the hub's config; change it there and at the device, or enrol it with a code`,
} as const;
