import { quoteName } from '../access/quote-name.ts';
import {
  standingOf,
  type Group,
  type Organisation,
  type Person,
  type Standing,
  type StoredDeputy,
  type StoredFilter,
  type StoredGrant,
  type StoredUnit,
  type Team,
} from '../access/standing.ts';
import type { StaffRow } from '../access/supervisor-tree.ts';
import { STAFF, territoryFields } from '../access/territory.ts';
import type { ModelHolder } from '../change/holder.ts';
import { dateIn } from '../expression/calendar.ts';
import type { EntityModel, Model } from '../model/model.ts';
import type { Database, Queryable, Row } from '../store/database.ts';

/** Entities whose records decide what people may do. */
const WATCHED = [
  'user_group',
  'business_team',
  'user_grant',
  'unit',
  'staff',
  'department_filter',
  'deputy',
  'user',
] as const;

/** Of users only who stands above them and whether they are let in: their rows are written at every sign-in. */
const WATCHED_COLUMNS: Readonly<Record<string, readonly string[]>> = {
  user: ['supervisor', 'status', 'deleted_at', 'is_void'],
};

const WATCH_LOCK = 'select pg_advisory_xact_lock(73016, 14)';

/** Most people whose standing is kept; then it is forgotten and made anew. */
const MOST_KEPT = 20_000;

/** Where people stand (SEC-02 to SEC-05, SEC-11), made once for each of them until groups, teams or grants change. */
export interface Standings {
  /**
   * Where a person stands now. @param mark the one his session's row was read with: when it is another than that of
   * what this node keeps, all is read again, so that a change is in force at the next request on every node
   */
  of(person: Person, mark: string | null): Promise<Standing>;
  /** The same for many, as things are in the database now. */
  now(): Promise<(person: Person) => Standing>;
}

interface Kept {
  readonly mark: string | null;
  readonly model: Model;
  readonly organisation: Organisation;
  readonly day: string;
  readonly people: Map<string, Standing>;
}

/** Keeps where people stand, and has every write to groups, teams and grants mark that it is no longer so. */
export function createStandings(db: Database, holder: ModelHolder): Standings {
  let kept: Kept | null = null;

  async function load(): Promise<Kept> {
    const model = holder.current();
    const { mark, organisation } = await loadOrganisation(db, model);
    return { mark, model, organisation, day: today(model), people: new Map() };
  }

  function find(from: Kept, person: Person): Standing {
    const key = [person.id, person.unit, ...person.roles, '|', ...person.groups].join(',');
    let standing = from.people.get(key);
    if (!standing) {
      if (from.people.size >= MOST_KEPT) from.people.clear();
      from.people.set(key, (standing = standingOf(from.organisation, person, from.day)));
    }
    return standing;
  }

  return {
    async of(person, mark) {
      const model = holder.current();
      let from = kept;
      if (!from || from.mark !== mark || from.model !== model || from.day !== today(model))
        kept = from = await load();
      return find(from, person);
    },
    async now() {
      const from = (kept = await load());
      return (person) => find(from, person);
    },
  };
}

function today(model: Model): string {
  return dateIn(model.settings.timeZone, new Date());
}

interface OrganisationRow extends Row {
  readonly mark: string | null;
  readonly groups: readonly Group[] | null;
  readonly teams: readonly Team[] | null;
  readonly grants: readonly StoredGrant[] | null;
  readonly units: readonly StoredUnit[] | null;
  readonly staff: readonly StaffRow[] | null;
  readonly superiors: Organisation['superiors'] | null;
  readonly filters: readonly StoredFilter[] | null;
  readonly deputies: readonly StoredDeputy[] | null;
}

/** Groups, teams and grants as they are, in one statement, so that the mark is that of the rows. */
export async function loadOrganisation(
  db: Queryable,
  model: Model,
): Promise<{
  readonly mark: string | null;
  readonly organisation: Organisation;
}> {
  const [row] = await db.query<OrganisationRow>({
    text: organisationSql(model),
  });
  const groups = new Map((row?.groups ?? []).map((group) => [group.id, group]));
  const grants = Map.groupBy(row?.grants ?? [], ({ user }) => user);
  const organisation: Organisation = {
    groups,
    teams: row?.teams ?? [],
    grants,
    units: new Map((row?.units ?? []).map((unit) => [unit.id, unit])),
    staff: row?.staff ?? [],
    superiors: row?.superiors ?? [],
    filters: row?.filters ?? [],
    deputies: row?.deputies ?? [],
  };
  return { mark: row?.mark ?? null, organisation };
}

const SQL = new WeakMap<Model, string>();

function organisationSql(model: Model): string {
  let text = SQL.get(model);
  if (text === undefined) {
    const groups = rowsOf(model, 'user_group', {
      name: 'name',
      roles: 'roles',
      within: 'within',
      isDefault: 'is_default',
    });
    const teams = rowsOf(model, 'business_team', {
      leader: 'leader',
      members: 'members',
      from: 'start_on',
      until: 'end_on',
    });
    const same = ['user', 'effect', 'about', 'entity', 'action', 'scope', 'field', 'level', 'function'];
    const grants = rowsOf(model, 'user_grant', {
      ...Object.fromEntries(same.map((name) => [name, name])),
      reason: 'reason',
      until: 'until',
    });
    const units = rowsOf(model, 'unit', { name: 'name', parent: 'parent' });
    const superiors = rowsOf(model, 'user', {
      supervisor: 'supervisor',
      status: 'status',
    });
    const filters = rowsOf(model, 'department_filter', {
      unit: 'of_unit',
      entity: 'entity',
      condition: 'condition',
    });
    const deputies = rowsOf(model, 'deputy', {
      owner: 'owner',
      deputy: 'deputy',
      from: 'start_on',
      until: 'end_on',
      todo: 'todo',
      records: 'records',
    });
    const further = Object.entries({ units, staff: staffRows(model), superiors, filters, deputies })
      .map(([name, rows]) => `${rows} as ${name}`)
      .join(', ');
    text = `select (select mark::text from mortise.standing) as mark, ${groups} as groups, ${teams} as teams, ${grants} as grants, ${further}`;
    SQL.set(model, text);
  }
  return text;
}

function staffRows(model: Model): string {
  const staff = model.entities.get(STAFF.entity);
  const regions = territoryFields(model).map(
    ({ field, dictionary }) => `'${dictionary}', coalesce(${staff ? columnOf(staff, field) : 'null'}, '{}')`,
  );
  return rowsOf(model, STAFF.entity, { user: STAFF.user, supervisor: STAFF.supervisor }, [
    `'regions', json_build_object(${regions.join(', ')})`,
  ]);
}

/** The live records of an entity as JSON; null where the model has not got it. */
function rowsOf(
  model: Model,
  name: string,
  members: Readonly<Record<string, string>>,
  further: readonly string[] = [],
): string {
  const entity = model.entities.get(name);
  if (!entity) return 'null::json';
  const pairs = [
    ...Object.entries(members).map(([member, field]) => `'${member}', ${columnOf(entity, field)}`),
    ...further,
  ];
  const live = ['deleted_at is null', 'is_void is not true']
    .filter((condition) => entity.fields.has(condition.split(' ')[0] ?? ''))
    .map((condition) => `r.${condition}`);
  return `(select json_agg(json_build_object('id', r.id, ${pairs.join(', ')})) from public.${quoteName(entity.table)} r where ${['true', ...live].join(' and ')})`;
}

function columnOf(entity: EntityModel, field: string): string {
  const column = entity.fields.get(field)?.column;
  return column ? `r.${quoteName(column.name)}` : 'null';
}

/**
 * Has every write to the tables of groups, teams and grants, however it comes, mark that what nodes keep is old.
 * Cheap when the triggers are there.
 */
export async function watchStandings(db: Database, model: Model): Promise<void> {
  const events = new Map(
    WATCHED.flatMap((name) => {
      const entity = model.entities.get(name);
      return entity ? [[entity.table, watchedColumns(entity)] as const] : [];
    }),
  );
  const tables = [...events.keys()];
  const missing = async (on: Queryable): Promise<readonly string[]> => {
    const rows = await on.query<Row & { name: string; columns: number }>({
      text: `select c.relname as name, coalesce(array_length(t.tgattr::int2[], 1), 0) as columns from pg_trigger t join pg_class c on c.oid = t.tgrelid
        join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'public' and t.tgname = 'mortise_standing'`,
    });
    const watched = new Map(rows.map(({ name, columns }) => [name, columns]));
    // One that looks at fewer columns is of an earlier release.
    return tables.filter((table) => watched.get(table) !== events.get(table)?.length);
  };
  if ((await missing(db)).length === 0) return;
  await db.transaction(
    async (tx) => {
      await tx.query({ text: WATCH_LOCK });
      for (const table of await missing(tx)) {
        const on = `on public.${quoteName(table)}`;
        await tx.query({
          text: `drop trigger if exists mortise_standing ${on}`,
        });
        await tx.query({
          text: `create trigger mortise_standing after ${eventsOf(events.get(table) ?? [])} ${on}
            for each statement execute function mortise.standing_changed()`,
        });
      }
    },
    { patient: true },
  );
}

/** The columns of which alone writes count; none: of all. */
function watchedColumns(entity: EntityModel): readonly string[] {
  return (WATCHED_COLUMNS[entity.name] ?? []).flatMap((name) => entity.fields.get(name)?.column?.name ?? []);
}

/** The writes to a table that count. */
function eventsOf(columns: readonly string[]): string {
  const of = columns.map(quoteName).join(', ');
  return `insert or update${of === '' ? '' : ` of ${of}`} or delete or truncate`;
}
