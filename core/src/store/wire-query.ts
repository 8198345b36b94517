import type { Connection, Submittable } from 'pg';
import type { Row, Statement } from './database.ts';
import { toParameter, VALUE_PARSERS, type ParseValue } from './parse-value.ts';
import { encodeCommand, encodeRun } from './wire-message.ts';

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
 * One statement on a connection of the driver. It does what the driver's own query does, with less of it: the
 * messages are one write, the columns of a prepared statement are asked for once, and `begin` travels along with the
 * first statement of a transaction (docs/performance.md).
 */
export class WireQuery<R extends Row> implements Submittable {
  /** Settles when the server is ready for the next one. @throws the server's error, with its SQLSTATE in `code` */
  readonly rows: Promise<R[]>;
  readonly #statement: Statement;
  readonly #values: readonly (string | null)[];
  readonly #begin: boolean;
  readonly #prepared: PreparedShapes;
  readonly #found: R[] = [];
  #shape: Shape = NO_COLUMNS;
  #fault: Error | null = null;
  #resolve: (rows: R[]) => void = () => {};
  #reject: (error: Error) => void = () => {};

  constructor(statement: Statement, prepared: PreparedShapes, begin: boolean) {
    this.#statement = statement;
    this.#values = (statement.values ?? []).map(toParameter);
    this.#prepared = prepared;
    this.#begin = begin;
    this.rows = new Promise<R[]>((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  submit(connection: Connection): Error | null {
    const { name = '', text } = this.#statement;
    const known = name === '' ? undefined : this.#prepared.get(name);
    if (known && known.text !== text) return new Error(`two statements are named “${name}”`);
    if (known) this.#shape = known.shape;
    connection.stream.write(
      encodeRun({
        name,
        text: known ? null : text,
        values: this.#values,
        describe: known === undefined,
        begin: this.#begin,
      }),
    );
    return null;
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
    this.#found.push(row as R);
  }

  handleCommandComplete(): void {}

  handleEmptyQuery(): void {}

  handleError(error: Error): void {
    this.#reject(error);
  }

  handleReadyForQuery(): void {
    const { name, text } = this.#statement;
    if (name !== undefined && !this.#prepared.has(name))
      this.#prepared.set(name, { text, shape: this.#shape });
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
