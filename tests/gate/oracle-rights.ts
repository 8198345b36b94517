/*
 * Who may do what with which record and cell, in the words of SEC-01 … SEC-05 and DESIGN §5, asked of one record in
 * memory at a time. It knows no scope sets, no SQL and nothing of the compiler in core/src/access.
 */
import type { FieldLevel, GrantDocument, RecordAction, Scope } from '../../core/src/model/documents.ts';
import type { StoredGrant } from '../../core/src/access/standing.ts';
import {
  CONDITIONS,
  ENTITIES,
  isIdentifying,
  isSensitive,
  PEOPLE,
  REGIONS,
  TODAY,
  UNIT_PARENTS,
  VARIANTS,
  type Setup,
  type Thing,
  type Variant,
} from './setup.ts';

/** All records by entity. */
export type Data = Readonly<Record<string, readonly Thing[]>>;

const HIDDEN = 0;
const MASKED = 1;
const READ = 2;
const WRITE = 3;
const PLACES: ReadonlySet<string> = new Set(['owner', 'unit', 'team', 'region']);
const LEVELS: readonly FieldLevel[] = ['hidden', 'masked', 'read', 'write'];
const levelNumber = (level: FieldLevel): number => LEVELS.indexOf(level);

/** One thing that was said, of an entity or, `up` times, of the record above its lines. */
interface Said {
  readonly grant: GrantDocument;
  readonly isPersonal: boolean;
  /** A person's right to one field leaves the records as they are. */
  readonly isOfField: boolean;
  readonly up: number;
  /** What the parent's field that shows the lines leaves of them. */
  readonly cap: number;
}

export class Rights {
  readonly #data: Data;
  readonly #setup: Setup;
  readonly #variant: Variant;
  readonly me: string;
  readonly #unit: string | null;
  readonly #mates = new Set<string>();
  readonly #teams = new Set<string>();
  readonly #said = new Map<string, readonly Said[]>();

  constructor(data: Data, setup: Setup) {
    this.#data = data;
    this.#setup = setup;
    this.#variant = VARIANTS[setup.variant]!;
    ({ id: this.me, unit: this.#unit } = PEOPLE[setup.person]);
    for (const { team, leader, members, from, until } of setup.teams) {
      const all = leader === null ? members : [leader, ...members];
      if (!all.includes(this.me) || (from !== null && from > TODAY) || (until !== null && until < TODAY))
        continue;
      for (const each of all) this.#mates.add(each);
      this.#teams.add(this.#data['business_team']![team]!.id);
    }
  }

  /** The roles in force: own ones, those of groups and of what groups are within, and all they inherit. */
  #roles(): Set<string> {
    const { groups, roles } = this.#setup;
    const inGroups = new Set(this.#setup.ownGroups);
    for (const group of inGroups) for (const above of groups[group]?.within ?? []) inGroups.add(above);
    const found = new Set([
      ...this.#setup.ownRoles,
      ...[...inGroups].flatMap((group) => groups[group]?.roles ?? []),
    ]);
    for (const role of found) for (const above of roles[role]?.inherits ?? []) found.add(above);
    return found;
  }

  /** Everything that was said about an entity. */
  #about(entity: string): readonly Said[] {
    let said = this.#said.get(entity);
    if (!said) {
      const ofRoles = [...this.#roles()].flatMap((name) =>
        this.#bearing(
          Object.values(this.#setup.roles[name]?.grants ?? {}).map((grant) => plain(grant)),
          entity,
        ),
      );
      const own = this.#setup.personal
        .filter(({ until }) => until === null || until >= TODAY)
        .flatMap((stored) => personal(stored))
        .flatMap((each) => this.#bearing([each], entity));
      this.#said.set(entity, (said = [...ofRoles, ...own]));
    }
    return said;
  }

  /**
   * What of a role's grants bears on an entity: allowances for everything only where nothing else is allowed of it,
   * refusals always. Lines follow the record they belong to, unless they are named themselves.
   */
  #bearing(all: readonly Said[], entity: string): readonly Said[] {
    const { parent } = ENTITIES[entity]!;
    const named = all.filter(({ grant }) => grant.entity === entity);
    const general = all.filter(({ grant }) => grant.entity === '*');
    const lifted = (of: readonly Said[]): readonly Said[] =>
      parent
        ? this.#bearing(of, parent.entity).map((each) => ({
            ...each,
            up: each.up + 1,
            cap: Math.min(each.cap, this.#levelBy(each, parent.entity, parent.shownBy)),
          }))
        : [];
    const allows = (each: Said): boolean => !denies(each);
    const allowed = named.some(allows)
      ? named.filter(allows)
      : parent
        ? lifted(all.filter(allows))
        : general.filter(allows);
    const refused = parent
      ? [...named.filter(denies), ...lifted(all.filter(denies))]
      : [...named, ...general].filter(denies);
    return [...allowed, ...refused];
  }

  /**
   * Does the record lie in the scope that the grant has for the action? To what is allowed at all come the records that
   * are shared with one and those of absent colleagues, where the condition of the grant holds (ADR 0017).
   * @param field whose cell is asked for: a share withholds what its giver lacked
   */
  #reaches(
    said: Said,
    entity: string,
    action: RecordAction,
    row: Thing,
    field: string | null = null,
  ): boolean {
    const { grant, up } = said;
    const asked = up === 0 || ['query', 'read', 'print', 'export'].includes(action) ? action : 'update';
    const scope = grant.actions[asked];
    if (scope === undefined || scope === 'none') return false;
    const { parent } = ENTITIES[entity]!;
    const record = parent ? this.#find(parent.entity, row[parent.field]) : row;
    if (!record) return false;
    if (grant.when !== undefined) {
      const condition = CONDITIONS.find(({ cel }) => cel === grant.when)!;
      if (!condition.holds(record, this.me)) return false;
    }
    const root = parent?.entity ?? entity;
    if (this.#liesIn(scope, root, record)) return true;
    // Where records lie in no territories, the scope gives nothing that could be more.
    if (denies(said) || (scope === 'territory' && root !== 'thing')) return false;
    const name = field !== null && parent ? `${entity}.${field}` : field;
    if (!['query', 'read', 'update'].includes(asked)) return false;
    // What is lent is not moved: where a record lies is not for those who only come to it so.
    if (asked === 'update' && !parent && field !== null && PLACES.has(field)) return false;
    return this.#isShared(root, record, asked === 'update', name) || this.#isOfAbsent(record);
  }

  #liesIn(scope: Scope, entity: string, record: Thing): boolean {
    switch (scope) {
      case 'all':
        return true;
      case 'none':
        return false;
      case 'own':
        return record['owner'] === this.me;
      case 'subordinates':
        return (
          record['owner'] === this.me || isBelow(this.#setup, String(record['owner']), this.me, new Set())
        );
      case 'territory': {
        const { region } = record;
        const answers = this.#setup.staff
          .filter(({ user }) => user === this.me)
          .flatMap(({ regions }) => regions['area'] ?? []);
        return entity === 'thing' && answers.some((each) => REGIONS[each]!.includes(String(region)));
      }
      case 'created':
        return record['created_by'] === this.me;
      case 'unit':
        return this.#unit !== null && record['unit'] === this.#unit;
      case 'below':
        return this.#unit !== null && isUnder(record['unit'], this.#unit);
      case 'team':
        return this.#mates.has(String(record['owner'])) || this.#teams.has(String(record['team']));
    }
  }

  /** Up to and with its last day, with the person himself or with a department he is in or below (SEC-07). */
  #isShared(entity: string, record: Thing, toChange: boolean, field: string | null): boolean {
    const all = this.#data[entity]!;
    return this.#setup.shares.some(
      (share) =>
        entity === 'thing' &&
        share.entity === entity &&
        all[share.record % all.length] === this.#find(entity, record.id) &&
        (share.to === this.me || isUnder(this.#unit, share.to)) &&
        (share.until === null || share.until >= TODAY) &&
        (!toChange || share.level === 'write') &&
        (field === null || !(toChange ? share.unwritten : share.unread).includes(field)),
    );
  }

  /** Of a colleague who is away and whose records one looks after; steps alone give nothing to read (SEC-16). */
  #isOfAbsent(record: Thing): boolean {
    return this.#setup.deputies.some(
      ({ owner, deputy, from, until, records }) =>
        records === true &&
        deputy === this.me &&
        owner !== this.me &&
        owner === record['owner'] &&
        from <= TODAY &&
        until >= TODAY,
    );
  }

  /** A condition of one's department or of one above it does not hold of the record, or of that of its line (SEC-09). */
  #isFiltered(entity: string, row: Thing): boolean {
    const { parent } = ENTITIES[entity]!;
    const root = parent?.entity ?? entity;
    const record = parent ? this.#find(parent.entity, row[parent.field]) : row;
    return this.#setup.filters.some((filter) => {
      if (filter.entity !== root || !isUnder(this.#unit, filter.unit)) return false;
      const condition = CONDITIONS.find(({ entity: of, cel }) => of === root && cel === filter.condition);
      // What fits the fields no more hides everything.
      return !condition || !record || !condition.holds(record, this.me);
    });
  }

  #find(entity: string, id: unknown): Thing | undefined {
    return this.#data[entity]!.find((each) => each.id === id);
  }

  /** The level an allowing grant gives a field. */
  #levelBy({ grant, up, cap }: Said, entity: string, field: string): number {
    const fields = grant.fields ?? {};
    const sensitive = isSensitive(this.#variant, entity, field);
    const level =
      (up > 0 ? undefined : fields[field]) ??
      (sensitive ? (fields['@sensitive'] ?? 'hidden') : (fields['*'] ?? 'write'));
    return Math.min(levelNumber(level), cap);
  }

  /** The level above which a refusal takes a field away. */
  #ceilingBy({ grant, up, cap }: Said, entity: string, field: string): number {
    if (grant.fields === undefined) return HIDDEN;
    if (up > 0) return cap;
    const sensitive = isSensitive(this.#variant, entity, field) ? grant.fields['@sensitive'] : undefined;
    return levelNumber(grant.fields[field] ?? sensitive ?? grant.fields['*'] ?? 'write');
  }

  /** Individual refusal > individual allowance > refusal of a role > allowance of a role > nothing (SEC-04). */
  may(entity: string, action: RecordAction, row: Thing): boolean {
    const ofRecords = this.#about(entity).filter((each) => !isOfFields(each));
    const says = (isPersonal: boolean, refusal: boolean): boolean =>
      ofRecords.some(
        (each) =>
          each.isPersonal === isPersonal &&
          denies(each) === refusal &&
          this.#reaches(each, entity, action, row),
      );
    if (this.#isFiltered(entity, row) || says(true, true)) return false;
    if (says(true, false)) return true;
    return !says(false, true) && says(false, false);
  }

  /** Rows one may know of: those one may query or read (SEC-01). */
  visible(entity: string, row: Thing): boolean {
    return this.may(entity, 'query', row) || this.may(entity, 'read', row);
  }

  /**
   * How the cell shows: 0 not at all, 1 masked, 2 whole. The right to read shows it by its level; the right to query
   * only what records are known by. Both are lowered by what refuses them.
   */
  shows(entity: string, field: string, row: Thing): number {
    if (field === 'id') return this.visible(entity, row) ? READ : HIDDEN;
    if (this.#isFiltered(entity, row)) return HIDDEN;
    const identifies = isIdentifying(this.#variant, entity, field);
    let read = HIDDEN;
    let known = HIDDEN;
    for (const isPersonal of [false, true]) {
      const rank = this.#about(entity).filter((each) => each.isPersonal === isPersonal);
      for (const each of rank.filter((said) => !denies(said))) {
        const level = this.#levelBy(each, entity, field);
        if (this.#reaches(each, entity, 'read', row, field)) read = Math.max(read, level);
        if (identifies && this.#reaches(each, entity, 'query', row, field)) known = Math.max(known, level);
      }
      for (const each of rank.filter(denies)) {
        const ceiling = this.#ceilingBy(each, entity, field);
        const reads = this.#reaches(each, entity, 'read', row);
        if (reads) read = Math.min(read, ceiling);
        if (isOfFields(each) ? reads : this.#reaches(each, entity, 'query', row))
          known = Math.min(known, ceiling);
      }
    }
    return Math.min(Math.max(read, known), READ);
  }

  readable(entity: string, field: string, row: Thing): boolean {
    return this.shows(entity, field, row) === READ;
  }

  masked(entity: string, field: string, row: Thing): boolean {
    return this.shows(entity, field, row) === MASKED;
  }

  /** May the cell of a stored record be changed? */
  writes(entity: string, field: string, row: Thing): boolean {
    if (this.#isFiltered(entity, row)) return false;
    let writes = false;
    for (const isPersonal of [false, true]) {
      const rank = this.#about(entity).filter((each) => each.isPersonal === isPersonal);
      for (const each of rank.filter((said) => !denies(said)))
        writes ||=
          this.#levelBy(each, entity, field) === WRITE && this.#reaches(each, entity, 'update', row, field);
      for (const each of rank.filter(denies)) {
        const ceiling = this.#ceilingBy(each, entity, field);
        if (ceiling === WRITE) continue;
        // What may not even be read whole may not be overwritten.
        const read = ceiling < READ && isOfFields(each) && this.#reaches(each, entity, 'read', row);
        if (read || this.#reaches(each, entity, 'update', row)) writes = false;
      }
    }
    return writes;
  }

  /** Was anything ever said that could show a record of the entity? If not, asking for it is refused. */
  everVisible(entity: string): boolean {
    return this.#about(entity).some(
      (each) =>
        !denies(each) &&
        !isOfFields(each) &&
        (['query', 'read'] as const).some((action) => gives(each, action)),
    );
  }

  /** Was anything ever said that could show the field? */
  everShown(entity: string, field: string): boolean {
    if (field === 'id') return this.everVisible(entity);
    const identifies = isIdentifying(this.#variant, entity, field);
    return this.#about(entity).some(
      (each) =>
        !denies(each) &&
        this.#levelBy(each, entity, field) > HIDDEN &&
        (gives(each, 'read') || (identifies && gives(each, 'query'))),
    );
  }
}

/** Is the department the other one or below it? */
function isUnder(unit: unknown, above: string | null): boolean {
  let at = unit as string | null | undefined;
  while (at !== null && at !== undefined && at !== above) at = UNIT_PARENTS[at] ?? null;
  return at !== null && at !== undefined;
}

/**
 * Does the other stand above the person, by the superior of an account or the supervisor of a staff record, however far?
 * A staff record and the account it names are one person.
 */
function isBelow(setup: Setup, person: string, above: string, seen: Set<string>): boolean {
  if (seen.has(person)) return false;
  seen.add(person);
  const own = setup.staff.filter(({ id, user }) => id === person || user === person);
  const next = [
    ...own.flatMap(({ id, user }) => [id, user]),
    ...own.map(({ supervisor }) => supervisor),
    ...setup.superiors.filter(({ id }) => id === person).map(({ supervisor }) => supervisor),
  ];
  return next.some((each) => each !== null && (each === above || isBelow(setup, each, above, seen)));
}

function plain(grant: GrantDocument): Said {
  return { grant, isPersonal: false, isOfField: false, up: 0, cap: WRITE };
}

function denies({ grant }: Said): boolean {
  return grant.effect === 'deny';
}

/** A refusal that names fields takes them away and leaves the records. */
function isOfFields({ grant, isOfField }: Said): boolean {
  return denies({ grant } as Said) ? grant.fields !== undefined : isOfField;
}

function gives({ grant }: Said, action: RecordAction): boolean {
  const scope = grant.actions[action];
  return scope !== undefined && scope !== 'none';
}

/** A person's own right or refusal in the words of a grant. */
function personal(stored: StoredGrant): readonly Said[] {
  const { effect, about, entity, action, scope, field, level } = stored;
  if (about === 'function' || entity === null) return [];
  const rows = scope ?? 'all';
  if (about === 'action')
    return action === null
      ? []
      : [{ ...plain({ entity, effect, actions: { [action]: rows } }), isPersonal: true }];
  if (field === null || level === null) return [];
  const actions = { query: rows, read: rows, update: rows, create: rows };
  const fields: Record<string, FieldLevel> =
    effect === 'allow' ? { '*': 'hidden', [field]: level } : { [field]: level };
  return [{ ...plain({ entity, effect, actions, fields }), isPersonal: true, isOfField: true }];
}
