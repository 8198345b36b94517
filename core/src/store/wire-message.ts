/** A statement to be run: parsed first when `text` is given, its columns asked for when `describe` is set. */
interface WireRun {
  /** Name of the prepared statement, empty for the unnamed one. */
  readonly name: string;
  readonly text: string | null;
  readonly values: readonly (string | null)[];
  readonly describe: boolean;
}

/** What of a transaction travels along with its statements. */
export interface WireEnds {
  /** Opens the transaction before the first of them. */
  readonly begin: boolean;
  /** Commits it after the last one, which the server does only when none failed. */
  readonly commit: boolean;
}

/** Written into and copied from: a message has its length in front, which is known at its end only. */
let scratch = Buffer.allocUnsafe(64 * 1024);
let at = 0;

function room(bytes: number): void {
  if (at + bytes <= scratch.length) return;
  const larger = Buffer.allocUnsafe(Math.max(scratch.length * 2, at + bytes));
  scratch.copy(larger, 0, 0, at);
  scratch = larger;
}

function open(code: number): number {
  room(5);
  scratch[at] = code;
  at += 5;
  return at - 4;
}

function close(lengthAt: number): void {
  scratch.writeInt32BE(at - lengthAt, lengthAt);
}

/** A text with its end mark. */
function text(value: string): void {
  room(value.length * 3 + 1);
  at += scratch.write(value, at, 'utf8');
  scratch[at++] = 0;
}

function int16(value: number): void {
  room(2);
  at = scratch.writeInt16BE(value, at);
}

/** A parameter: its length and its text; -1 for null. */
function parameter(value: string | null): void {
  if (value === null) {
    room(4);
    at = scratch.writeInt32BE(-1, at);
    return;
  }
  room(value.length * 3 + 4);
  const length = scratch.write(value, at + 4, 'utf8');
  scratch.writeInt32BE(length, at);
  at += 4 + length;
}

function parse(name: string, statement: string): void {
  const message = open(0x50);
  text(name);
  text(statement);
  int16(0);
  close(message);
}

function bind(name: string, values: readonly (string | null)[]): void {
  const message = open(0x42);
  text('');
  text(name);
  int16(0);
  int16(values.length);
  for (const value of values) parameter(value);
  int16(0);
  close(message);
}

/** Describe (`D`) or close (`C`) of a statement (`S`) or portal (`P`). */
function about(code: number, kind: number, name: string): void {
  const message = open(code);
  room(1);
  scratch[at++] = kind;
  text(name);
  close(message);
}

function execute(): void {
  const message = open(0x45);
  text('');
  room(4);
  at = scratch.writeInt32BE(0, at);
  close(message);
}

function taken(): Buffer {
  const bytes = Buffer.allocUnsafe(at);
  scratch.copy(bytes, 0, 0, at);
  at = 0;
  return bytes;
}

/** A statement without parameters or answer on the unnamed statement. */
function plain(statement: string): void {
  parse('', statement);
  bind('', []);
  execute();
}

/**
 * The messages that run statements one after the other, in the extended protocol of PostgreSQL and in one piece, so
 * that they are one write to the socket. What stands behind a failed one is passed over. All values travel as text.
 */
export function encodeRuns(runs: readonly WireRun[], { begin, commit }: WireEnds): Buffer {
  at = 0;
  if (begin) plain('begin');
  for (const { name, text: statement, values, describe } of runs) {
    if (statement !== null) {
      // A statement whose first run failed may be there or not.
      if (name !== '') about(0x43, 0x53, name);
      parse(name, statement);
    }
    if (describe && name !== '') about(0x44, 0x53, name);
    bind(name, values);
    if (describe && name === '') about(0x44, 0x50, '');
    execute();
  }
  if (commit) plain('commit');
  close(open(0x53));
  return taken();
}

/** A statement without parameters or answer (`rollback`), in the simple protocol. */
export function encodeCommand(statement: string): Buffer {
  at = 0;
  const message = open(0x51);
  text(statement);
  close(message);
  return taken();
}
