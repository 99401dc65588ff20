/** The policy and the staff in force: verified once when they arrive, judged by the clock when asked. */
import type { KeyObject } from 'node:crypto';
import type { PolicyBundle, PolicyDocument, StaffGrant } from '@truecount/protocol';
import {
  policyInForce,
  type PolicyInForce,
  type Refusal,
  type StoreCollections,
  trustedStaff,
} from '../documents/index.ts';

export interface GrantsKeeperOptions {
  readonly collections: StoreCollections;
  readonly store: string;
  /** Absent in a store without a hub: then the starting policy holds and nobody can sign in. */
  readonly hubKey: KeyObject | undefined;
  readonly starting: PolicyBundle;
  readonly now: () => number;
}

/** A new bundle may come into effect by time alone. */
const JUDGE_AGAIN_MS = 60_000;

export class GrantsKeeper {
  readonly #options: GrantsKeeperOptions;
  #policies: readonly PolicyDocument[] = [];
  #staff: readonly StaffGrant[] = [];
  #staffRefused: readonly Refusal[] = [];
  #policy: PolicyInForce | undefined;
  #judgedAtMs = 0;

  constructor(options: GrantsKeeperOptions) {
    this.#options = options;
  }

  /** Reads both collections and follows them; `onChange` is called after every change. */
  async start(onChange: () => void): Promise<() => void> {
    const { policies, staff } = this.#options.collections;
    await this.reload();
    const follow = (): void => void this.reload().then(onChange);
    const subscriptions = [policies.$.subscribe(follow), staff.$.subscribe(follow)];
    return () => {
      for (const subscription of subscriptions) subscription.unsubscribe();
    };
  }

  /** Reads what is stored now. */
  async reload(): Promise<void> {
    const { policies, staff } = this.#options.collections;
    this.#policies = (await policies.find().exec()).map((document) => document.toMutableJSON());
    this.#staff = (await staff.find().exec()).map((document) => document.toMutableJSON());
    this.#policy = undefined;
    this.#staffRefused = trustedStaff(this.#staff, this.#scope()).refused;
  }

  policy(): PolicyInForce {
    const { starting, now } = this.#options;
    const nowMs = now();
    if (this.#policy === undefined || Math.abs(nowMs - this.#judgedAtMs) > JUDGE_AGAIN_MS) {
      this.#policy = policyInForce(this.#policies, starting, this.#scope());
      this.#judgedAtMs = nowMs;
    }
    return this.#policy;
  }

  staff(): readonly StaffGrant[] {
    return trustedStaff(this.#staff, this.#scope()).grants;
  }

  /** Documents that the hub's key did not sign, or that are not for this store. */
  refused(): readonly Refusal[] {
    return [...this.policy().refused, ...this.#staffRefused];
  }

  #scope(): { hubKey: KeyObject | undefined; store: string; nowMs: number } {
    const { hubKey, store, now } = this.#options;
    return { hubKey, store, nowMs: now() };
  }
}
