import type { Context } from '../context/context.ts';
import { problem } from '../errors/catalogue.ts';
import { isUuid } from '../fields/uuid.ts';
import type { EntityModel } from '../model/model.ts';
import type { Records, RecordData } from '../records/records.ts';
import type { Database, Row } from '../store/database.ts';

/** Stands for a record that is not stored yet. */
const NEW = '00000000-0000-0000-0000-000000000000';
/** Drafts of one person; the oldest goes when there is one more. */
const MOST = 200;
/** Most bytes of one draft. */
const MOST_BYTES = 256 * 1024;

/** What somebody typed and has not saved. */
export interface StoredDraft {
  /** The version of the record that was on his screen; 0 for a new one. */
  readonly version: number;
  readonly at: string;
  /** Fields that he changed, of those that he may still write. */
  readonly values: RecordData;
  /** What these fields held in that version. */
  readonly base: RecordData;
}

/** Unsaved input of forms (of oneself alone), one for each record and one for the new record of each entity. */
export interface Drafts {
  /** The own draft, or null; fields that may not be read and written any more are not in it. */
  read(context: Context, entity: string, record: string | null): Promise<StoredDraft | null>;
  /** @throws MRT_ENTITY_UNKNOWN, MRT_RECORD_NOT_FOUND for a record that may not be read, MRT_REQUEST_TOO_LARGE */
  keep(
    context: Context,
    entity: string,
    record: string | null,
    draft: Pick<StoredDraft, 'version' | 'values' | 'base'>,
  ): Promise<void>;
  discard(context: Context, entity: string, record: string | null): Promise<void>;
}

interface DraftRow extends Row, StoredDraft {}

/** Drafts over the database. @param records by which the person must be able to read what the draft is of */
export function createDrafts(db: Database, records: Pick<Records, 'read'>): Drafts {
  async function keyOf(context: Context, name: string, record: string | null): Promise<readonly string[]> {
    if (record !== null && !isUuid(record)) throw problem('MRT_RECORD_NOT_FOUND');
    return [context.actor.id, entityOf(context, name).name, record ?? NEW];
  }

  return {
    async read(context, name, record) {
      const [row] = await db.query<DraftRow>({
        text: `select version, at, "values", base from mortise.draft
          where user_id = $1::uuid and entity = $2 and record_id = $3::uuid`,
        values: await keyOf(context, name, record),
      });
      if (!row) return null;
      const entity = entityOf(context, name);
      const values = writable(context, entity, row.values);
      if (Object.keys(values).length === 0) return null;
      return { version: row.version, at: row.at, values, base: writable(context, entity, row.base) };
    },

    async keep(context, name, record, { version, values, base }) {
      const key = await keyOf(context, name, record);
      const entity = entityOf(context, name);
      if (record === null) {
        if (!context.access.entity(entity).may('create')) throw problem('MRT_RECORD_NOT_FOUND');
      } else await records.read(context, name, record, { fields: ['id'] });
      const [text, before] = [values, base].map((each) => JSON.stringify(writable(context, entity, each)));
      if ((text ?? '').length + (before ?? '').length > MOST_BYTES)
        throw problem('MRT_REQUEST_TOO_LARGE', { max: '256 KB' });
      await db.transaction(async (tx) => {
        await tx.query({
          text: `insert into mortise.draft (user_id, entity, record_id, version, "values", base)
            values ($1::uuid, $2, $3::uuid, $4::integer, $5::jsonb, $6::jsonb)
            on conflict (user_id, entity, record_id)
              do update set version = $4::integer, "values" = $5::jsonb, base = $6::jsonb, at = now()`,
          values: [...key, version, text, before],
        });
        await tx.query({
          text: `delete from mortise.draft where user_id = $1::uuid and (entity, record_id) in (
            select entity, record_id from mortise.draft where user_id = $1::uuid order by at desc offset ${MOST})`,
          values: [context.actor.id],
        });
      });
    },

    async discard(context, name, record) {
      await db.query({
        text: 'delete from mortise.draft where user_id = $1::uuid and entity = $2 and record_id = $3::uuid',
        values: await keyOf(context, name, record),
      });
    },
  };
}

function entityOf(context: Context, name: string): EntityModel {
  const entity = context.model.entities.get(name);
  if (!entity || context.access.compiled.entity(entity).visible.length === 0)
    throw problem('MRT_ENTITY_UNKNOWN', { entity: name });
  return entity;
}

/** The fields that the model has and the person may write; `x$display` goes with `x`. */
function writable(context: Context, entity: EntityModel, values: RecordData): RecordData {
  const rights = context.access.compiled.entity(entity);
  return Object.fromEntries(
    Object.entries(values).filter(([name]) => {
      const field = entity.fields.get(name.replace(/\$display$/, ''));
      if (field === undefined || field.readOnly) return false;
      const { write, create } = rights.field(field);
      return write.length + create.length > 0;
    }),
  );
}
