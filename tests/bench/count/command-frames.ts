const COMMAND_COMPLETE = 0x43;
const HEADER = 5;

/**
 * Reads the messages that a PostgreSQL server sends (a byte for the kind, four for the length) and tells the tag of
 * each completed command, `SELECT 50`, `INSERT 0 1`. Messages may be cut anywhere.
 */
export class CommandFrames {
  readonly #completed: (tag: string) => void;
  #rest: Buffer = Buffer.alloc(0);
  /** Bytes of a message that need not be looked at. */
  #skip = 0;

  constructor(completed: (tag: string) => void) {
    this.#completed = completed;
  }

  take(bytes: Buffer): void {
    if (this.#skip >= bytes.length) {
      this.#skip -= bytes.length;
      return;
    }
    let data = this.#skip > 0 ? bytes.subarray(this.#skip) : bytes;
    this.#skip = 0;
    if (this.#rest.length > 0) data = Buffer.concat([this.#rest, data]);
    let at = 0;
    while (data.length - at >= HEADER) {
      const end = at + 1 + data.readInt32BE(at + 1);
      if (data[at] === COMMAND_COMPLETE) {
        if (end > data.length) break;
        this.#completed(data.toString('utf8', at + HEADER, end - 1));
      } else if (end > data.length) {
        this.#skip = end - data.length;
        this.#rest = Buffer.alloc(0);
        return;
      }
      at = end;
    }
    this.#rest = Buffer.from(data.subarray(at));
  }
}
