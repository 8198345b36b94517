import { type PGlite, protocol } from '@electric-sql/pglite';
import type { Row, Statement } from './database.ts';
import { toParameter, VALUE_PARSERS, type ParseValue } from './parse-value.ts';

interface Column {
  readonly name: string;
  readonly parse: ParseValue;
}

interface Prepared {
  readonly text: string;
  readonly columns: readonly Column[];
}

/** Most statements kept prepared; the one unused for longest goes first. */
const MOST_PREPARED = 400;
const { serialize } = protocol;
type Message = Awaited<ReturnType<PGlite['execProtocol']>>['messages'][number];

const asText: ParseValue = (text) => text;

/**
 * Speaks PostgreSQL's wire protocol with the embedded engine. Its own `query()` makes five calls into the engine for
 * each statement and plans it anew every time; here a statement is one call, and a named one is planned once. That
 * is five times less CPU for a statement of the size the records engine writes (docs/performance.md).
 */
export class PgliteSession {
  readonly #pglite: PGlite;
  readonly #prepared = new Map<string, Prepared>();

  constructor(pglite: PGlite) {
    this.#pglite = pglite;
  }

  /** Runs one statement. The caller sees to it that no other one runs at the same time. */
  async run<R extends Row>(statement: Statement): Promise<R[]> {
    const values = (statement.values ?? []).map(toParameter);
    const { name, text } = statement;
    if (name === undefined) return this.#once<R>(text, values);
    const known = this.#prepared.get(name);
    if (known && known.text !== text) throw new Error(`two statements are named “${name}”`);
    const prepared = known ?? (await this.#prepare(name, text));
    this.#prepared.delete(name);
    this.#prepared.set(name, prepared);
    const answer = await this.#send(
      serialize.bind({ statement: name, values }),
      serialize.execute({}),
      serialize.sync(),
    );
    return rowsOf<R>(answer, prepared.columns);
  }

  /** Runs a statement without parameters or answer: `begin`, `commit`, `rollback`. */
  async command(text: string): Promise<void> {
    await this.#send(serialize.query(text));
  }

  async #once<R extends Row>(text: string, values: (string | null)[]): Promise<R[]> {
    const answer = await this.#send(
      serialize.parse({ text }),
      serialize.bind({ values }),
      serialize.describe({ type: 'P' }),
      serialize.execute({}),
      serialize.sync(),
    );
    return rowsOf<R>(answer, columnsOf(answer));
  }

  async #prepare(name: string, text: string): Promise<Prepared> {
    for (const [oldest] of this.#prepared) {
      if (this.#prepared.size < MOST_PREPARED) break;
      await this.#send(serialize.close({ type: 'S', name: oldest }), serialize.sync());
      this.#prepared.delete(oldest);
    }
    const answer = await this.#send(
      serialize.parse({ name, text }),
      serialize.describe({ type: 'S', name }),
      serialize.sync(),
    );
    const prepared = { text, columns: columnsOf(answer) };
    this.#prepared.set(name, prepared);
    return prepared;
  }

  /** Sends messages in one call. @throws the engine's error, with its SQLSTATE in `code` */
  async #send(...messages: Uint8Array[]): Promise<readonly Message[]> {
    const { messages: answer } = await this.#pglite.execProtocol(Buffer.concat(messages));
    return answer;
  }
}

function columnsOf(answer: readonly Message[]): readonly Column[] {
  const described = answer.find((message) => message.name === 'rowDescription') as
    | { readonly fields: readonly { readonly name: string; readonly dataTypeID: number }[] }
    | undefined;
  return (described?.fields ?? []).map(({ name, dataTypeID }) => ({
    name,
    parse: VALUE_PARSERS.get(dataTypeID) ?? asText,
  }));
}

function rowsOf<R extends Row>(answer: readonly Message[], columns: readonly Column[]): R[] {
  const rows: R[] = [];
  for (const message of answer) {
    if (message.name !== 'dataRow') continue;
    const { fields } = message as unknown as { readonly fields: readonly (string | null)[] };
    const row: Row = {};
    for (const [index, { name, parse }] of columns.entries()) {
      const text = fields[index] ?? null;
      row[name] = text === null ? null : parse(text);
    }
    rows.push(row as R);
  }
  return rows;
}
