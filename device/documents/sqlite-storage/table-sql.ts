import { quoted, type CollectionLayout } from './collection-layout.ts';

/**
 * The statements of one table that run at every read or write. Their text is made once: connections find their prepared
 * statements by it, and a text put together anew at each call costs more than the look-up.
 */
export interface TableSql {
  readonly highestSeq: string;
  /** Takes `seq`, `rev`, `data`, the columns of the layout in their order, `id`; so does `update`. */
  readonly insert: string;
  readonly update: string;
  readonly removeAfter: string;
  readonly dataById: string;
  readonly seqById: string;
  readonly versionById: string;
  /** Many ids travel as one JSON parameter. */
  readonly seqsByIds: string;
  readonly versionsByIds: string;
  readonly seqAndDataById: string;
  readonly dataBySeqs: string;
}

export function tableSql(tableName: string, layout: CollectionLayout): TableSql {
  const table = quoted(tableName);
  const columns = ['seq', 'rev', 'data', ...layout.columns.map((column) => quoted(column.name)), 'id'];
  const assignments = columns.slice(0, -1).map((column) => `${column} = ?`);
  const byIds = `FROM json_each(?) AS wanted CROSS JOIN ${table} AS t ON t.id = wanted.value`;
  return {
    highestSeq: `SELECT max(base_seq, coalesce((SELECT max(seq) FROM ${table}), 0)) FROM collections WHERE number = ?`,
    insert: `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
    update: `UPDATE ${table} SET ${assignments.join(', ')} WHERE id = ?`,
    removeAfter: `DELETE FROM ${table} WHERE seq > ?`,
    dataById: `SELECT data FROM ${table} WHERE id = ?`,
    seqById: `SELECT seq FROM ${table} WHERE id = ?`,
    versionById: `SELECT id, seq, rev FROM ${table} WHERE id = ?`,
    seqsByIds: `SELECT t.seq ${byIds}`,
    versionsByIds: `SELECT t.id, t.seq, t.rev ${byIds}`,
    seqAndDataById: `SELECT seq, data FROM ${table} WHERE id = ?`,
    dataBySeqs: `SELECT wanted.key, t.seq, t.data FROM json_each(?) AS wanted CROSS JOIN ${table} AS t ON t.seq = wanted.value`,
  };
}
