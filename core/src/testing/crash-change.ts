import type { ApplyRequest, Changes } from '../change/changes.ts';
import type { DocumentChange } from '../http/contract.ts';
import type { Database } from '../store/database.ts';
import { label } from './sample-documents.ts';

export const crashActor = {
  id: '019ab3c2-7f5e-7000-9d2f-3b6c1f0a5e44',
  username: 'a',
  displayName: 'A',
  unit: null,
  roles: [],
};

/** Rows that the change rewrites. */
const ROWS = 500;
/** Rows of another table, so many that its index is put off. */
const CROWD = 10_500;

function withFields(changes: Changes, fields: Readonly<Record<string, object | null>>): DocumentChange {
  const { document } = changes.document('entity', 'visit');
  const properties = { ...(document['properties'] as object) } as Record<string, object>;
  for (const [name, def] of Object.entries(fields)) {
    if (def) properties[name] = def;
    else delete properties[name];
  }
  return { kind: 'entity', name: 'visit', document: { ...document, properties } };
}

const text = { field: 'text', label: label('T'), maxLength: 20 };

const entity = (name: string, properties: Readonly<Record<string, object>>): DocumentChange => ({
  kind: 'entity',
  name,
  document: { name, label: label('C'), display: 'name', ownership: 'user', reviews: false, properties },
});

const renamed = (wish: DocumentChange, renamedFrom: string): DocumentChange => ({
  ...wish,
  document: { ...wish.document, renamedFrom },
});

/** The fields and records that {@link crashChange} works on. */
export async function prepareCrash(db: Database, changes: Changes): Promise<void> {
  const tags = { field: 'choice', dictionary: 'tag', multiple: true, label: label('T') };
  const apply = async (wish: DocumentChange) =>
    await changes.apply(crashActor, { changes: [wish], note: '', accept: ['hides-data'] });
  const { document } = changes.document('dictionary', 'tag');
  const values = {
    ...(document['values'] as object),
    one: { label: label('1') },
    two: { label: label('2') },
  };
  await apply({ kind: 'dictionary', name: 'tag', document: { ...document, values } });
  await apply(withFields(changes, { number: text, gone: text, empty: text, tagged: tags }));
  await apply(entity('crowd', { name: text }));
  await db.query({
    text: `insert into crowd (id, name) select gen_random_uuid(), n::text from generate_series(1, ${CROWD}) n`,
  });
  await db.query({
    text: `insert into "user" (id, username, display_name) values ($1, 'a', 'A')`,
    values: [crashActor.id],
  });
  await db.query({
    text: `insert into visit (id, subject, number, gone, tagged)
      select gen_random_uuid(), 's', case when n % 100 = 0 then 'x' else n::text end, 'g', array['one'] from generate_series(1, ${ROWS}) n`,
  });
  await apply(withFields(changes, { gone: null }));
  await apply(entity('trip', { name: text }));
  await db.query({ text: `insert into trip (id, name) values ($1, 'Trip')`, values: [crashActor.id] });
  await db.query({
    text: `insert into mortise.history (id, entity, record_id, action, source, version) values ($1, 'trip', $1, 'create', 'api', 1)`,
    values: [crashActor.id],
  });
}

/** One change with something of every kind. */
export function crashChange(changes: Changes): ApplyRequest {
  const tag = changes.document('dictionary', 'tag').document;
  return {
    changes: [
      withFields(changes, {
        other: { field: 'integer', label: label('O') },
        number: { field: 'integer', label: label('N') },
        empty: { ...text, required: true },
      }),
      entity('crowd', { name: text, crash: { ...text, index: true } }),
      entity('crashed', { name: text }),
      renamed(entity('journey', { name: text }), 'trip'),
      {
        kind: 'dictionary',
        name: 'tag',
        document: { ...tag, values: { ...(tag['values'] as object), crash: { label: label('C') } } },
      },
    ],
    data: [
      { type: 'convert', entity: 'visit', field: 'number', otherwise: null },
      { type: 'fill', entity: 'visit', field: 'empty', value: 'filled' },
      { type: 'join', dictionary: 'tag', from: 'one', to: 'two' },
      { type: 'purge', entity: 'visit', field: 'gone' },
    ],
    note: '',
    accept: ['rewrites', 'loses-data', 'hides-data'],
  };
}
