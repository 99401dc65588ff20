/**
 * Statements over PGlite's one connection, prepared once and run in one call into the database. PGlite's own `query`
 * parses and plans every time and makes five calls; for the hub's short statements that is six times the work.
 *
 * Transactions have the connection alone (lanes.ts); what one of them asks at once is answered one after the other, since
 * PGlite mixes up the answers to messages that overlap. A statement is planned anew after some uses and some
 * time, because its plan was made for the tables as they were; nothing in PGlite gathers statistics by itself.
 */
import { type PGlite, protocol, type messages as wire } from '@electric-sql/pglite';
import type { SqlValue } from './database.ts';

const { serialize } = protocol;

const MAX_STATEMENTS = 128;
const PLAN_KEPT_USES = 200;
const PLAN_KEPT_MS = 30_000;

interface Statement {
  readonly name: string;
  readonly parameterTypes: readonly number[];
  readonly fields: readonly { readonly name: string; readonly type: number }[];
  readonly preparedMs: number;
  uses: number;
}

export interface Answered {
  readonly rows: readonly object[];
  /** What PostgreSQL says was done, for example `COMMIT`. */
  readonly tag: string;
}

export class PgliteConnection {
  readonly #pglite: PGlite;
  /** By their text, the one used last at the end. */
  readonly #statements = new Map<string, Statement>();
  /** Ended here and to be ended in the database with the next message. */
  #ended: Uint8Array[] = [];
  #prepared = 0;
  /** Settles when what was asked so far is answered. */
  #answered: Promise<unknown> = Promise.resolve();

  constructor(pglite: PGlite) {
    this.#pglite = pglite;
  }

  run(sql: string, values: readonly SqlValue[] = []): Promise<Answered> {
    return this.#inTurn(() => this.#run(sql, values));
  }

  /** Several statements without values; they may change tables, so every plan is made anew. @returns rows of the last */
  exec(sql: string): Promise<readonly object[]> {
    return this.#inTurn(async () => {
      for (const [text, statement] of this.#statements) this.#end(text, statement);
      return (await this.#pglite.exec(sql)).at(-1)?.rows ?? [];
    });
  }

  #inTurn<T>(ask: () => Promise<T>): Promise<T> {
    const answer = this.#answered.then(ask);
    this.#answered = answer.catch(() => undefined);
    return answer;
  }

  async #run(sql: string, values: readonly SqlValue[]): Promise<Answered> {
    const statement = await this.#statement(sql);
    const bound = values.map((value, at) => this.#text(value, statement.parameterTypes[at]));
    const answered = await this.#send(
      serialize.bind({ statement: statement.name, values: bound }),
      serialize.execute({}),
    );
    const rows: object[] = [];
    let tag = '';
    for (const message of answered) {
      if (message.name === 'dataRow')
        rows.push(this.#row(statement, (message as wire.DataRowMessage).fields));
      else if (message.name === 'commandComplete') tag = (message as wire.CommandCompleteMessage).text;
    }
    return { rows, tag };
  }

  async #statement(sql: string): Promise<Statement> {
    const known = this.#statements.get(sql);
    if (known) {
      this.#statements.delete(sql);
      known.uses += 1;
      if (known.uses < PLAN_KEPT_USES && performance.now() - known.preparedMs < PLAN_KEPT_MS) {
        this.#statements.set(sql, known);
        return known;
      }
      this.#end(sql, known);
    }
    const prepared = await this.#prepare(sql);
    this.#statements.set(sql, prepared);
    const [oldest] = this.#statements;
    if (oldest && this.#statements.size > MAX_STATEMENTS) this.#end(...oldest);
    return prepared;
  }

  async #prepare(sql: string): Promise<Statement> {
    const name = `s${(this.#prepared += 1)}`;
    const described = await this.#send(
      serialize.parse({ name, text: sql }),
      serialize.describe({ type: 'S', name }),
    );
    const parameters = described.find((message) => message.name === 'parameterDescription');
    const row = described.find((message) => message.name === 'rowDescription');
    return {
      name,
      parameterTypes: (parameters as wire.ParameterDescriptionMessage | undefined)?.dataTypeIDs ?? [],
      fields: ((row as wire.RowDescriptionMessage | undefined)?.fields ?? []).map((field) => ({
        name: field.name,
        type: field.dataTypeID,
      })),
      preparedMs: performance.now(),
      uses: 0,
    };
  }

  #end(text: string, { name }: Statement): void {
    this.#statements.delete(text);
    this.#ended.push(serialize.close({ type: 'S', name }));
  }

  /** After a failed message the database leaves out what follows up to the sync, and is ready again. */
  #send(...messages: readonly Uint8Array[]): Promise<readonly wire.BackendMessage[]> {
    const ended = this.#ended;
    this.#ended = [];
    const all = Buffer.concat([...ended, ...messages, serialize.sync()]);
    return this.#pglite.execProtocolStream(all, { syncToFs: false });
  }

  #text(value: SqlValue, type: number | undefined): string | null {
    if (value === null) return null;
    const write = type === undefined ? undefined : this.#pglite.serializers[type];
    return write ? write(value) : String(value);
  }

  #row({ fields }: Statement, values: readonly (string | null)[]): object {
    const row: Record<string, unknown> = {};
    fields.forEach(({ name, type }, at) => {
      const value = values[at] ?? null;
      const read = this.#pglite.parsers[type];
      row[name] = value === null || !read ? value : read(value, type);
    });
    return row;
  }
}
