import type { Connection, Submittable } from 'pg';
import type { Row, Statement } from './database.ts';
import { toParameter, VALUE_PARSERS, type ParseValue } from './parse-value.ts';
import { encodeCommand, encodeRuns, type WireEnds } from './wire-message.ts';

/** A column of an answer. */
interface Column {
  readonly name: string;
  readonly parse: ParseValue | null;
}

/** The columns of a statement and a row in which all of them are null, of which each row is a copy. */
interface Shape {
  readonly columns: readonly Column[];
  readonly empty: Row;
}

/** Statements that are prepared on one connection, by name. */
export type PreparedShapes = Map<string, { readonly text: string; readonly shape: Shape }>;

const NO_VALUES: readonly null[] = [];
const NO_COLUMNS: Shape = { columns: [], empty: {} };

interface RowDescription {
  readonly fields: readonly { readonly name: string; readonly dataTypeID: number }[];
}

function shapeOf({ fields }: RowDescription): Shape {
  const columns = fields.map(({ name, dataTypeID }) => ({
    name,
    parse: VALUE_PARSERS.get(dataTypeID) ?? null,
  }));
  return { columns, empty: Object.fromEntries(columns.map(({ name }) => [name, null])) };
}

/**
 * Statements on a connection of the driver, one after the other. It does what the driver's own query does, with less
 * of it: all messages are one write, the columns of a prepared statement are asked for once, and `begin` and `commit`
 * travel along with the first and the last statement of a transaction (docs/performance.md).
 */
export class WireQuery implements Submittable {
  /** Settles when the server is ready for the next one. @throws the server's error, with its SQLSTATE in `code` */
  readonly rows: Promise<Row[][]>;
  readonly #statements: readonly Statement[];
  readonly #values: readonly (readonly (string | null)[])[];
  readonly #ends: WireEnds;
  readonly #prepared: PreparedShapes;
  readonly #found: Row[][] = [];
  /** The statement whose answer comes in; -1 while that of `begin` does, past the end that of `commit`. */
  #at: number;
  #shape: Shape = NO_COLUMNS;
  #rows: Row[] = [];
  #fault: Error | null = null;
  #resolve: (rows: Row[][]) => void = () => {};
  #reject: (error: Error) => void = () => {};

  constructor(statements: readonly Statement[], prepared: PreparedShapes, ends: WireEnds) {
    this.#statements = statements;
    this.#values = statements.map(({ values }) =>
      values === undefined ? NO_VALUES : values.map(toParameter),
    );
    this.#prepared = prepared;
    this.#ends = ends;
    this.#at = ends.begin ? -1 : 0;
    this.rows = new Promise<Row[][]>((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  submit(connection: Connection): Error | null {
    const runs = [];
    for (const [index, { name = '', text }] of this.#statements.entries()) {
      const known = name === '' ? undefined : this.#prepared.get(name);
      if (known && known.text !== text) return new Error(`two statements are named “${name}”`);
      runs.push({
        name,
        text: known ? null : text,
        values: this.#values[index]!,
        describe: known === undefined,
      });
    }
    if (this.#at === 0) this.#expect();
    connection.stream.write(encodeRuns(runs, this.#ends));
    return null;
  }

  /** Gets ready for the answer of the statement at `#at`. */
  #expect(): void {
    const name = this.#statements[this.#at]?.name;
    this.#rows = [];
    this.#shape = (name === undefined ? undefined : this.#prepared.get(name)?.shape) ?? NO_COLUMNS;
  }

  handleRowDescription(message: RowDescription): void {
    this.#shape = shapeOf(message);
  }

  handleDataRow({ fields }: { readonly fields: readonly (string | null)[] }): void {
    const { columns, empty } = this.#shape;
    const row = { ...empty };
    try {
      for (let index = 0; index < columns.length; index += 1) {
        const value = fields[index];
        if (value === null || value === undefined) continue;
        const { name, parse } = columns[index]!;
        row[name] = parse === null ? value : parse(value);
      }
    } catch (error) {
      this.#fault ??= error as Error;
    }
    this.#rows.push(row);
  }

  handleCommandComplete({ text: tag }: { readonly text: string }): void {
    const statement = this.#statements[this.#at];
    if (statement) {
      const { name, text } = statement;
      if (name !== undefined && !this.#prepared.has(name))
        this.#prepared.set(name, { text, shape: this.#shape });
      this.#found.push(this.#rows);
    } else if (this.#at > 0 && tag !== 'COMMIT') {
      // A transaction that had failed before: its `commit` rolls it back without an error.
      this.#fault ??= new Error('the transaction was rolled back instead of committed');
    }
    this.#at += 1;
    this.#expect();
  }

  handleEmptyQuery(): void {
    this.handleCommandComplete({ text: '' });
  }

  handleError(error: Error): void {
    this.#reject(error);
  }

  handleReadyForQuery(): void {
    if (this.#fault === null) this.#resolve(this.#found);
    else this.#reject(this.#fault);
  }
}

/** `commit` or `rollback`. */
export class WireCommand implements Submittable {
  readonly done: Promise<void>;
  readonly #bytes: Buffer;
  #resolve: () => void = () => {};
  #reject: (error: Error) => void = () => {};

  constructor(text: string) {
    this.#bytes = encodeCommand(text);
    this.done = new Promise<void>((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  submit(connection: Connection): null {
    connection.stream.write(this.#bytes);
    return null;
  }

  handleCommandComplete(): void {}

  handleError(error: Error): void {
    this.#reject(error);
  }

  handleReadyForQuery(): void {
    this.#resolve();
  }
}
