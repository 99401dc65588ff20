/** Enrolment as the HTTP API sees it: the settings of stores and the broker's address are put to what it decides. */
import {
  type Clock,
  type CodeRequest,
  type EnrolmentRequest,
  type EnrolmentResult,
  instant,
  type IssuedCode,
  type StandingRequest,
} from '@truecount/protocol';
import type { EnrolmentPort } from './api/index.ts';
import { userNameOf } from './broker/index.ts';
import type { HubConfig } from './config.ts';
import type { Enrolment } from './enrolment/index.ts';

export function enrolmentPort(parts: {
  readonly enrolment: Enrolment;
  readonly stores: HubConfig['stores'];
  readonly broker: { readonly url: string; readonly caPem: string | undefined };
  readonly hubPublicKeyPem: string;
  readonly fingerprint: string | undefined;
  readonly clock: Clock;
  readonly onChange: () => void;
}): EnrolmentPort {
  const { enrolment, stores, broker, fingerprint, onChange } = parts;
  const told = async <T>(work: Promise<T>): Promise<T> => {
    const done = await work;
    onChange();
    return done;
  };
  return {
    issue: async (wanted: CodeRequest & { readonly by: string }) => {
      const issued = await told(enrolment.issue(wanted));
      if ('problem' in issued) return issued;
      return { ...issued, ...(fingerprint === undefined ? {} : { fingerprint }) } satisfies IssuedCode;
    },
    open: () => enrolment.open(),
    redeem: async (request: EnrolmentRequest, host: string) => {
      const redeemed = await told(enrolment.redeem(request));
      if ('problem' in redeemed) return redeemed;
      const { address, secret } = redeemed;
      const store = stores.find(({ id }) => id === address.store);
      if (!store)
        return {
          problem: `The hub's config no longer has the store ${address.store}; put it back and try again.`,
        };
      const { id, name, timeZone, currency } = store;
      const { caPem } = broker;
      return {
        store: { id, name, timeZone, currency },
        device: address.device,
        broker: {
          url: reachableAs(broker.url, host),
          username: userNameOf(address),
          ...(caPem === undefined ? {} : { caPem }),
        },
        secret,
        hubPublicKeyPem: parts.hubPublicKeyPem,
        at: instant(parts.clock.now()),
      } satisfies EnrolmentResult;
    },
    standing: (request: StandingRequest) => enrolment.standing(request),
    rotate: (device, by) => told(enrolment.rotate(device, by)),
    revoke: (device, why) => told(enrolment.revoke(device, why)),
  };
}

/** A broker that listens everywhere is reached where the device has reached the hub's API. */
function reachableAs(url: string, host: string): string {
  return url.replace(/^(\w+):\/\/(0\.0\.0\.0|\[::\])(?=[:/]|$)/, `$1://${host}`);
}
