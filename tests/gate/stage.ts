import { bindAccess } from '../../core/src/access/bind-access.ts';
import { compileAccess } from '../../core/src/access/compile-access.ts';
import { circumstancesOf, standingActor } from '../../core/src/access/standing-actor.ts';
import type { SharedWith } from '../../core/src/access/shares.ts';
import { standingOf } from '../../core/src/access/standing.ts';
import { unitTreeOf } from '../../core/src/access/unit-tree.ts';
import type { Context } from '../../core/src/context/context.ts';
import { watchTables } from '../../core/src/kept-keys/watch-tables.ts';
import type {
  AnyDocument,
  DocumentKind,
  FieldDocument,
  RoleDocument,
} from '../../core/src/model/documents.ts';
import type { Layer } from '../../core/src/model/layer.ts';
import type { Model } from '../../core/src/model/model.ts';
import type { RecordData } from '../../core/src/records/records.ts';
import { openRecords, type RecordsFixture } from '../../core/src/records/test-records.ts';
import { makeSearchKeys } from '../../core/src/search/make-search-keys.ts';
import { searchedEntities } from '../../core/src/search/searched-fields.ts';
import type { Database } from '../../core/src/store/database.ts';
import { label } from '../../core/src/testing/sample-documents.ts';
import { sampleModel } from '../../core/src/testing/sample-model.ts';
import type { Data } from './oracle-rights.ts';
import {
  ENTITIES,
  NOW,
  PEOPLE,
  REGIONS,
  TODAY,
  UNIT_PARENTS,
  VARIANTS,
  type Setup,
  type ShareNote,
  type Thing,
  type Variant,
} from './setup.ts';

/** One database with all records, on which every case of a run is played. */
export interface Stage {
  readonly on: RecordsFixture;
  readonly data: Data;
  /** Lays the shares of a world down, in place of those of the last one, and lets the person in. */
  enter(setup: Setup): Promise<Context>;
}

const layer = (name: Layer['name'], documents: readonly (readonly [DocumentKind, AnyDocument])[]): Layer => ({
  name,
  documents: documents.map(([kind, document]) => ({ kind, name: document.name, document, file: '' })),
});

/** What the sample documents lack: business teams, things that belong to one, are shared and lie in territories. */
const TEAMS: Layer = layer('plugin:teams', [
  [
    'entity',
    {
      name: 'business_team',
      label: label('Team'),
      display: 'name',
      ownership: 'user',
      reviews: false,
      properties: { name: { field: 'text', label: label('Name'), maxLength: 40 } },
    } as AnyDocument,
  ],
  [
    'entity',
    {
      name: 'thing',
      extends: true,
      sharing: true,
      departmentFilter: true,
      territory: 'region',
      properties: { team: { field: 'reference', entity: 'business_team', label: label('Team') } },
    } as unknown as AnyDocument,
  ],
  ['entity', { name: 'visit', extends: true, departmentFilter: true } as unknown as AnyDocument],
]);

/** The wishes of a variant as documents on top of the others. */
function variantLayer({ sensitive, identify }: Variant): Layer {
  const entities = new Map<
    string,
    { properties: Record<string, Partial<FieldDocument>>; identify: Record<string, true> }
  >();
  const of = (path: string) => {
    const [entity = '', field = ''] = path.split('.');
    if (!entities.has(entity)) entities.set(entity, { properties: {}, identify: {} });
    return { field, ...entities.get(entity)! };
  };
  for (const path of sensitive) {
    const { properties, field } = of(path);
    properties[field] = { sensitive: true };
  }
  for (const path of identify) {
    const { identify: known, field } = of(path);
    known[field] = true;
  }
  return layer(
    'plugin:variant',
    [...entities].map(
      ([name, document]) =>
        ['entity', { name, extends: true, ...document } as unknown as AnyDocument] as const,
    ),
  );
}

async function fill(on: RecordsFixture): Promise<void> {
  const owners = [on.people.wang, on.people.li, on.people.zhao, on.people.boss];
  const teams: string[] = [];
  for (const name of ['One', 'Two'])
    teams.push(String((await on.records.create(on.system, 'business_team', { name }))['id']));
  const things: string[] = [];
  for (let index = 0; index < 30; index += 1) {
    const owner = owners[index % 4]!;
    const creator = index % 5 === 0 ? on.as('wang', ['administrator']) : on.as('boss');
    const made = await on.records.create(creator, 'thing', {
      name: `${index % 2 ? 'Thing' : '甲'} ${index}`,
      owner: index === 9 ? null : owner.id,
      unit: index === 13 ? null : index % 7 === 0 ? on.units.north : owner.unit,
      team: teams[index % 5] ?? null,
      parent: index % 3 === 0 ? null : (things[(index * 7) % Math.max(things.length, 1)] ?? null),
      count: index % 6 === 0 ? null : index % 5,
      amount: index % 4 === 0 ? null : `${index % 9}.50`,
      grade: [null, 'a', 'b'][index % 3],
      note: `note ${index}`,
      secret: index % 3 === 1 ? null : `S${index}`,
      tags: index % 4 === 1 ? ['x', 'y'] : index % 4 === 2 ? ['x'] : null,
      region: [null, 'east', 'sh', 'west'][index % 4],
      phone: `010-${10000000 + index}`,
      parts:
        index % 3 === 0
          ? [
              { item: `line ${index}`, price: '5.00' },
              { item: 'more', quantity: 3 },
            ]
          : [],
    });
    things.push(String(made['id']));
  }
  for (let index = 0; index < 24; index += 1) {
    const owner = owners[(index * 3) % 4]!;
    await on.records.create(on.as('boss'), 'visit', {
      subject: `visit ${index}`,
      thing: things[(index * 5) % 28],
      minutes: index % 5 === 0 ? null : index * 2,
      owner: owner.id,
      unit: owner.unit,
    });
  }
  // Histories with something in them, states, and the recycle bin.
  for (const index of [1, 2, 6, 11])
    await on.records.update(on.as('boss'), 'thing', things[index]!, 1, {
      note: `newer ${index}`,
      secret: `S${index}x`,
    });
  for (const index of [4, 8, 15])
    await on.records.setVoid(on.as('boss'), 'thing', things[index]!, true, { reason: 'x' });
  for (const index of [28, 29]) await on.records.remove(on.as('boss'), 'thing', things[index]!);
  for (const index of [3, 7, 20])
    await on.records
      .transition(on.as('wang', ['administrator']), 'thing', things[index]!, 'first_pass')
      .catch(
        // What wang has made himself he may not review: it stays as it is.
        () => null,
      );
}

async function everything(on: RecordsFixture): Promise<Data> {
  const data: Record<string, readonly Thing[]> = {};
  for (const [entity, { fields, parent }] of Object.entries(ENTITIES)) {
    const asked = Object.entries(fields).flatMap(([name, { kind }]) => (kind === 'many' ? [] : [name]));
    const states = parent ? (['all'] as const) : (['all', 'deleted'] as const);
    const rows: RecordData[] = [];
    for (const state of states)
      rows.push(
        ...(
          await on.records.list(on.system, entity, {
            limit: 1000,
            sort: 'id',
            state,
            fields: [...asked, ...(parent ? [] : ['deleted_at', 'is_void'])],
          })
        ).items,
      );
    data[entity] = rows as Thing[];
  }
  return data;
}

/** Puts the shares of a world into the table; it is only touched where there are any. */
function shareKeeper(db: Database, data: Data): (shares: readonly ShareNote[]) => Promise<void> {
  let isEmpty = true;
  return async (shares) => {
    if (!isEmpty) await db.query({ text: 'delete from mortise.record_share' });
    isEmpty = shares.length === 0;
    if (isEmpty) return;
    const rows = shares.map(({ record, ...each }) => ({
      ...each,
      record_id: data[each.entity]![record % data[each.entity]!.length]!.id,
      kind: each.to in UNIT_PARENTS ? 'unit' : 'user',
    }));
    await db.query({
      text: `insert into mortise.record_share (id, entity, record_id, kind, grantee, level, until, unread, unwritten)
        select gen_random_uuid(), entity, record_id, kind, "to", level, until, unread, unwritten
        from json_to_recordset($1::json) as s (entity text, record_id uuid, kind text, "to" uuid, level text, until date,
          unread text[], unwritten text[])`,
      values: [JSON.stringify(rows)],
    });
  };
}

/** What the statement that finds a session tells of the shares of a person: also of those that have run out. */
function sharedWith(shares: readonly ShareNote[], principals: readonly string[]): SharedWith {
  const reaching = shares.filter(({ to }) => principals.includes(to));
  return new Map(
    [...Map.groupBy(reaching, ({ entity }) => entity)].map(([entity, all]) => [
      entity,
      [...new Set(all.flatMap(({ unread, unwritten }) => [...unread, ...unwritten]))],
    ]),
  );
}

const descendants = (_: string, code: string): readonly string[] => REGIONS[code] ?? [code];

/** Cases of all stages: what is kept for a model is found by its hash, also that of another stage of this process. */
let played = 0;

/** Fills a fresh database. */
export async function openStage(db: Database): Promise<Stage> {
  const on = await openRecords(db, [TEAMS]);
  // Somebody without a department.
  await db.query({
    text: `insert into "user" (id, username, display_name) values ($1, 'nobody', 'Name of nobody')`,
    values: [PEOPLE.nobody.id],
  });
  await fill(on);
  const searched = searchedEntities(on.model);
  await watchTables(
    db,
    'search',
    [...searched.values()].map(({ entity, fields }) => ({ entity, fields, rules: [] })),
  );
  while (await makeSearchKeys(db, searched));
  const data = await everything(on);
  const models = VARIANTS.map((variant) => sampleModel([TEAMS, variantLayer(variant)]).model);
  const tree = unitTreeOf(Object.entries(UNIT_PARENTS).map(([id, parent]) => ({ id, parent })));
  const share = shareKeeper(db, data);
  return {
    on,
    data,
    async enter(setup) {
      await share(setup.shares);
      played += 1;
      const { id, unit } = PEOPLE[setup.person];
      const roles = Object.entries(setup.roles).map(([name, { grants, inherits }]): RoleDocument => ({
        name,
        label: label(name),
        grants,
        inherits: Object.fromEntries(inherits.map((each) => [each, true])),
      }));
      // Of each case its own, for statements are kept by it.
      const model: Model = {
        ...models[setup.variant]!,
        hash: `case ${played}`,
        roles: new Map(roles.map((role) => [role.name, role])),
      };
      const standing = standingOf(
        {
          groups: new Map(
            Object.entries(setup.groups).map(([name, group]) => [
              name,
              { id: name, name, isDefault: null, ...group },
            ]),
          ),
          teams: setup.teams.map(({ team, ...each }) => ({ ...each, id: data['business_team']![team]!.id })),
          grants: new Map([[id, setup.personal]]),
          units: new Map(
            Object.entries(UNIT_PARENTS).map(([unitId, parent]) => [
              unitId,
              { id: unitId, name: unitId, parent },
            ]),
          ),
          staff: setup.staff,
          superiors: [
            ...setup.superiors.map((each) => ({ ...each, status: 'active' })),
            ...setup.deputies.map(({ owner }) => ({ id: owner, supervisor: null, status: 'active' })),
          ],
          filters: setup.filters,
          deputies: setup.deputies,
        },
        { id, roles: setup.ownRoles, groups: setup.ownGroups, unit },
        TODAY,
      );
      const shared = setup.knowsShares
        ? sharedWith(setup.shares, [id, ...(unit === null ? [] : [unit]), ...standing.above])
        : null;
      const circumstances = circumstancesOf(standing, shared);
      const compiled = compileAccess(model, standing.roles, standing.personal, circumstances);
      const actor = { id, username: setup.person, displayName: setup.person, unit, roles: compiled.roles };
      return {
        actor,
        model,
        access: bindAccess(compiled, standingActor(actor, standing, { descendants }), tree, NOW),
        locale: 'en',
        timeZone: 'Asia/Shanghai',
        now: NOW,
        source: 'api',
      };
    },
  };
}
