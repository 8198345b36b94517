import type { Context } from '../context/context.ts';
import { problem } from '../errors/catalogue.ts';
import type { Records } from '../records/records.ts';
import type { Database, Row } from '../store/database.ts';
import { uuid7 } from '../store/uuid7.ts';
import { detectType, IMAGE_TYPES } from './detect-type.ts';
import type { FileStore } from './file-store.ts';

/** What the API says of an attachment. */
export interface AttachmentView {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly size: number;
}

/** Attachments: uploaded first, then named by a record's `files` or `images` field, then read through that record. */
export interface Attachments {
  upload(context: Context, name: string, content: Uint8Array): Promise<AttachmentView>;
  /** The files of one field of a record the actor may read. */
  list(context: Context, entity: string, recordId: string, field: string): Promise<readonly AttachmentView[]>;
  /** Content of one file of that field. @throws MRT_FILE_NOT_FOUND */
  open(
    context: Context,
    entity: string,
    recordId: string,
    field: string,
    fileId: string,
  ): Promise<{ readonly view: AttachmentView; readonly content: Buffer }>;
}

/** Largest upload in bytes. */
export const LARGEST_FILE = 20 * 1024 * 1024;

interface FileRow extends Row {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly size: string;
  readonly sha256: string;
}

/** Makes the attachment service over a database, a store of bytes and the one road to records. */
export function createAttachments(db: Database, store: FileStore, records: Records): Attachments {
  /** The gate: whoever may read the field of the record may read its files, nobody else. */
  const idsOf = async (
    context: Context,
    entity: string,
    recordId: string,
    field: string,
  ): Promise<readonly string[]> => {
    const type = context.model.entities.get(entity)?.fields.get(field)?.type;
    if (type !== 'files' && type !== 'images') throw problem('MRT_FILE_NOT_FOUND');
    const record = await records.read(context, entity, recordId, { fields: [field] });
    const value = record[field];
    return Array.isArray(value) ? value.map(String) : [];
  };
  const rowsOf = async (ids: readonly string[]): Promise<readonly FileRow[]> => {
    if (ids.length === 0) return [];
    const rows = await db.query<FileRow>({
      text: 'select id, name, type, size, sha256 from mortise.file where id = any($1::uuid[])',
      values: [[...ids]],
    });
    return ids.flatMap((id) => rows.find((row) => row.id === id) ?? []);
  };

  return {
    async upload(context, name, content) {
      const clean = safeName(name);
      if (content.length === 0)
        throw problem('MRT_FILE_REFUSED', {
          name: clean,
          reason: context.locale === 'en' ? 'it is empty' : '文件为空',
        });
      if (content.length > LARGEST_FILE)
        throw problem('MRT_REQUEST_TOO_LARGE', { max: `${LARGEST_FILE / 1024 / 1024} MB` });
      const type = detectType(content);
      const sha256 = await store.put(content);
      const id = uuid7();
      await db.query({
        text: 'insert into mortise.file (id, name, type, size, sha256, path, created_by) values ($1, $2, $3, $4, $5, $5, $6)',
        values: [id, clean, type, content.length, sha256, context.actor.id],
      });
      return { id, name: clean, type, size: content.length };
    },
    async list(context, entity, recordId, field) {
      return (await rowsOf(await idsOf(context, entity, recordId, field))).map(viewOf);
    },
    async open(context, entity, recordId, field, fileId) {
      const ids = await idsOf(context, entity, recordId, field);
      const [row] = ids.includes(fileId) ? await rowsOf([fileId]) : [];
      if (!row) throw problem('MRT_FILE_NOT_FOUND');
      return { view: viewOf(row), content: await store.get(row.sha256) };
    },
  };
}

/** True when a browser may show the file in place. */
export function isImage(view: AttachmentView): boolean {
  return IMAGE_TYPES.has(view.type);
}

function viewOf(row: FileRow): AttachmentView {
  return { id: row.id, name: row.name, type: row.type, size: Number(row.size) };
}

/** A name that is safe to write into a header and to save under: no path, no control characters, 120 at most. */
export function safeName(name: string): string {
  const last = name.normalize('NFC').split(/[\\/]/).at(-1) ?? '';
  const clean = last
    .replace(/[\p{Cc}"<>|:*?]/gu, '')
    .replace(/^\.+/, '')
    .trim();
  return [...clean].slice(-120).join('') || 'file';
}
