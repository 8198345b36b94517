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

/** The messages of `commit`, to stand behind those of a statement: passed over when that one fails. */
const COMMIT: readonly Uint8Array[] = [
  serialize.parse({ text: 'commit' }),
  serialize.bind(),
  serialize.execute({}),
];

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

  /**
   * Runs statements one after the other until one fails, with `commit` in the call of the last one when asked for.
   * The caller sees to it that nothing else runs at the same time.
   */
  async run(statements: readonly Statement[], commit: boolean): Promise<Row[][]> {
    const answers: Row[][] = [];
    for (const [index, statement] of statements.entries()) {
      const ends = commit && index === statements.length - 1 ? COMMIT : [];
      answers.push(await this.#runOne(statement, ends));
    }
    return answers;
  }

  async #runOne({ name, text, values = [] }: Statement, ends: readonly Uint8Array[]): Promise<Row[]> {
    const sent = values.map(toParameter);
    if (name === undefined) return this.#once(text, sent, ends);
    const known = this.#prepared.get(name);
    if (known && known.text !== text) throw new Error(`two statements are named “${name}”`);
    const prepared = known ?? (await this.#prepare(name, text));
    this.#prepared.delete(name);
    this.#prepared.set(name, prepared);
    const answer = await this.#send(
      serialize.bind({ statement: name, values: sent }),
      serialize.execute({}),
      ...ends,
      serialize.sync(),
    );
    return rowsOf(answer, prepared.columns);
  }

  /** Runs a statement without parameters or answer: `begin`, `commit`, `rollback`. */
  async command(text: string): Promise<void> {
    await this.#send(serialize.query(text));
  }

  async #once(text: string, values: (string | null)[], ends: readonly Uint8Array[]): Promise<Row[]> {
    const answer = await this.#send(
      serialize.parse({ text }),
      serialize.bind({ values }),
      serialize.describe({ type: 'P' }),
      serialize.execute({}),
      ...ends,
      serialize.sync(),
    );
    return rowsOf(answer, columnsOf(answer));
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

function rowsOf(answer: readonly Message[], columns: readonly Column[]): Row[] {
  const rows: Row[] = [];
  for (const message of answer) {
    if (message.name !== 'dataRow') continue;
    const { fields } = message as unknown as { readonly fields: readonly (string | null)[] };
    const row: Row = {};
    for (const [index, { name, parse }] of columns.entries()) {
      const text = fields[index] ?? null;
      row[name] = text === null ? null : parse(text);
    }
    rows.push(row);
  }
  return rows;
}
