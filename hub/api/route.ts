/** One route of the API: who may call it, with which shapes, and what answers. */
import type { Role } from '@truecount/protocol';
import type { TObject, TSchema } from 'typebox';
import type { HubPort } from './hub-port.ts';
import type { Operator } from './operators.ts';

export interface Call {
  readonly params: Readonly<Record<string, string>>;
  readonly query: unknown;
  readonly body: unknown;
  /** Who asks; of a route for anyone nobody in particular. */
  readonly operator: Operator;
  /** The name under which the caller has reached this hub. */
  readonly host: string;
}

export interface Route {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly summary: string;
  /** `anyone`: a device that has no key yet; the request itself proves what it has to. */
  readonly roles: readonly Role[] | 'anyone';
  /** Requests a minute and client, where fewer than elsewhere are allowed. */
  readonly perMinute?: number;
  readonly query?: TObject;
  readonly body?: TSchema;
  /** For a list: of what is sent, while `handle` gives a page. */
  readonly answers: TSchema;
  readonly isList?: boolean;
  readonly handle: (hub: HubPort, call: Call) => Promise<unknown>;
}

export const READERS: readonly Role[] = ['ops', 'admin', 'auditor'];
export const DECIDERS: readonly Role[] = ['ops', 'admin'];
export const ADMINS: readonly Role[] = ['admin'];
