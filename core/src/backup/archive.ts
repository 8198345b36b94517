/** Version of the archive's own layout. A program refuses a higher one than it knows. */
export const ARCHIVE_FORMAT = 1;

/** First entry of an archive: what it was made of, and how its tables are made anew. */
export const HEAD_ENTRY = 'mortise-backup.json';
/** Last entry: without it an archive is a broken one. */
export const MANIFEST_ENTRY = 'manifest.json';
/** Rows of a table: `tables/<schema>.<table>/000001.ndjson`, each line a JSON array of texts and nulls. */
export const TABLES_FOLDER = 'tables/';
/** Attachments: `files/<sha256>`. */
export const FILES_FOLDER = 'files/';

/** A table whose rows are in the archive; columns with the type to which their texts are cast. */
export interface TableShape {
  readonly schema: string;
  readonly name: string;
  readonly columns: readonly { readonly name: string; readonly type: string }[];
}

/** A database described by its own catalogue, in the words of any PostgreSQL: a restore runs them in this order. */
export interface SchemaShape {
  /** Schemas, functions, empty tables. */
  readonly before: readonly string[];
  readonly tables: readonly TableShape[];
  /** Keys, indexes, triggers, positions of sequences. */
  readonly after: readonly string[];
  /** What stands in the database and is not ours to carry: views, types, other extensions. */
  readonly leftOut: readonly string[];
}

/** `mortise-backup.json` */
export interface ArchiveHead {
  readonly format: number;
  /** Version of the program that last brought the database up to date. */
  readonly product: string;
  readonly engine: 'postgresql' | 'pglite';
  readonly model: { readonly version: number; readonly hash: string };
  /** Moment of the snapshot: every write acknowledged before it is in. */
  readonly createdAt: string;
  readonly schema: SchemaShape;
}

/** `manifest.json` */
export interface ArchiveManifest extends Omit<ArchiveHead, 'schema'> {
  readonly tables: readonly { readonly schema: string; readonly name: string; readonly rows: number }[];
  readonly files: {
    readonly count: number;
    readonly bytes: number;
    /** Content hashes that the database names and the folder lacks. */
    readonly missing: readonly string[];
  };
  readonly leftOut: readonly string[];
  /** Every other entry, in order. */
  readonly parts: readonly { readonly name: string; readonly bytes: number; readonly sha256: string }[];
}
