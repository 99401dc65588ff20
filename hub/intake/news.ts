/**
 * Whether the hub has anything new for a store in one collection. A device that comes back asks it for every collection,
 * and nearly always the answer is no; a thousand of them that ask at once are answered by one query (see `gathered`).
 */
import type { CollectionName, DeviceAddress } from '@truecount/protocol';
import { gathered, type Queryable } from '../database/index.ts';
import type { DeviceLife } from './device-registry.ts';
import { ALL_STORES } from './document-scope.ts';

export interface NewsQuestion {
  readonly address: DeviceAddress;
  readonly collection: CollectionName;
}

export interface News {
  /** Of the device that asks; undefined when the hub does not know it. */
  readonly life: DeviceLife | undefined;
  /** At least the number of every committed change; some numbers may not be visible yet. */
  readonly newest: number;
  /** The newest change of a document that the store holds; 0 when there is none. */
  readonly seq: number;
}

type NewsRow = DeviceLife & { readonly newest: number; readonly seq: number; readonly is_known: boolean };

export type AskNews = (question: NewsQuestion) => Promise<News>;

export const newsOf = (database: Queryable): AskNews =>
  gathered(async (questions: readonly NewsQuestion[]): Promise<readonly News[]> => {
    // Each maximum is one step into an index.
    const newest = (condition: string): string =>
      `(SELECT max(seq) FROM documents WHERE collection = asked.collection AND ${condition})`;
    const rows = await database.query<NewsRow>(
      `SELECT devices.id IS NOT NULL AS is_known, devices.epoch, devices.start, devices.revoked_reason,
         (SELECT last_value FROM document_seq) AS newest,
         coalesce(greatest(${newest('store = asked.store')}, ${newest('other_store = asked.store')},
                           ${newest('store = $4')}), 0)::bigint AS seq
       FROM unnest($1::text[], $2::text[], $3::text[]) WITH ORDINALITY AS asked(device, store, collection, n)
       LEFT JOIN devices ON devices.id = asked.device AND devices.store = asked.store
       ORDER BY asked.n`,
      [
        questions.map(({ address }) => address.device),
        questions.map(({ address }) => address.store),
        questions.map(({ collection }) => collection),
        ALL_STORES,
      ],
    );
    return rows.map(({ is_known, newest: newestOfAll, seq, ...life }) => ({
      life: is_known ? life : undefined,
      newest: newestOfAll,
      seq,
    }));
  });
