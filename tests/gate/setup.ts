import type { StoredDeputy, StoredFilter, StoredGrant } from '../../core/src/access/standing.ts';
import type { StaffRow } from '../../core/src/access/supervisor-tree.ts';
import type { GrantDocument } from '../../core/src/model/documents.ts';

/** A record as the oracle knows it, whole. */
export type Thing = { readonly id: string; readonly [field: string]: unknown };

/** What the oracle must know of an entity: written down here, not taken from the compiled model. */
export interface EntityNote {
  readonly display: string;
  readonly fields: Readonly<Record<string, FieldNote>>;
  /** A line belongs to a record of `entity` by its reference `field`, which shows it in `shownBy`. */
  readonly parent?: { readonly entity: string; readonly field: string; readonly shownBy: string };
}

export interface FieldNote {
  readonly kind: 'text' | 'number' | 'flag' | 'code' | 'codes' | 'id' | 'reference' | 'many' | 'moment';
  /** Of `reference` and `many`: the entity it leads to; of `many` also the reference back. */
  readonly to?: string;
  readonly by?: string;
}

export const UNITS = {
  sales: '00000000-0000-7000-8000-000000000001',
  north: '00000000-0000-7000-8000-000000000002',
  press: '00000000-0000-7000-8000-000000000003',
} as const;
/** Child → parent. */
export const UNIT_PARENTS: Readonly<Record<string, string | null>> = {
  [UNITS.sales]: null,
  [UNITS.north]: UNITS.sales,
  [UNITS.press]: null,
};

/** Region → those that lie in it, itself among them. */
export const REGIONS: Readonly<Record<string, readonly string[]>> = {
  east: ['east', 'sh'],
  sh: ['sh'],
  west: ['west'],
};

const text: FieldNote = { kind: 'text' };
const number: FieldNote = { kind: 'number' };
const flag: FieldNote = { kind: 'flag' };
const reference = (to: string): FieldNote => ({ kind: 'reference', to });
const OWNED = {
  id: { kind: 'id' },
  owner: reference('user'),
  unit: reference('unit'),
  created_by: reference('user'),
} as const satisfies Record<string, FieldNote>;

export const ENTITIES: Readonly<Record<string, EntityNote>> = {
  thing: {
    display: 'name',
    fields: {
      ...OWNED,
      name: text,
      code: text,
      note: text,
      phone: text,
      secret: text,
      count: number,
      amount: number,
      grade: { kind: 'code' },
      tags: { kind: 'codes' },
      is_void: flag,
      review_status: { kind: 'code' },
      parent: reference('thing'),
      team: reference('business_team'),
      region: { kind: 'code' },
      parts: { kind: 'many', to: 'thing_line', by: 'thing' },
      visits: { kind: 'many', to: 'visit', by: 'thing' },
    },
  },
  thing_line: {
    display: 'item',
    parent: { entity: 'thing', field: 'thing', shownBy: 'parts' },
    fields: {
      id: { kind: 'id' },
      item: text,
      quantity: number,
      price: number,
      thing: reference('thing'),
    },
  },
  visit: {
    display: 'subject',
    fields: { ...OWNED, subject: text, minutes: number, thing: reference('thing') },
  },
  user: { display: 'display_name', fields: { ...OWNED, display_name: text, username: text, email: text } },
  unit: { display: 'name', fields: { ...OWNED, name: text, parent: reference('unit') } },
  business_team: { display: 'name', fields: { ...OWNED, name: text } },
};

/** What differs between models; each is compiled once. */
export interface Variant {
  /** `thing.note`: personal data. */
  readonly sensitive: readonly string[];
  /** `thing.count`: shown to whoever may query. */
  readonly identify: readonly string[];
}

export const VARIANTS: readonly Variant[] = [
  { sensitive: [], identify: [] },
  { sensitive: ['thing.note'], identify: ['thing.count'] },
  { sensitive: ['thing.amount', 'visit.minutes'], identify: ['thing.phone', 'visit.minutes'] },
  { sensitive: ['thing_line.price', 'user.email'], identify: ['thing.owner', 'user.username'] },
  { sensitive: ['thing.name'], identify: ['thing.secret', 'visit.owner'] },
  { sensitive: ['visit.subject', 'thing.grade'], identify: ['thing.grade', 'thing.parent'] },
];
/** What the sample documents themselves say. */
const SENSITIVE = ['thing.secret'];
const IDENTIFY = ['thing.code'];

export function isSensitive(variant: Variant, entity: string, field: string): boolean {
  return [...SENSITIVE, ...variant.sensitive].includes(`${entity}.${field}`);
}

/** By these whoever may query knows a record (SEC-01). */
export function isIdentifying(variant: Variant, entity: string, field: string): boolean {
  return (
    field === 'id' ||
    field === ENTITIES[entity]?.display ||
    [...IDENTIFY, ...variant.identify].includes(`${entity}.${field}`)
  );
}

/** A condition of a grant in the language of the documents and, beside it, in plain words of TypeScript. */
export interface Condition {
  readonly entity: 'thing' | 'visit';
  readonly cel: string;
  readonly holds: (row: Thing, me: string) => boolean;
}

const at = (row: Thing, field: string): number | null =>
  row[field] === null || row[field] === undefined ? null : Number(row[field]);

export const CONDITIONS: readonly Condition[] = [
  { entity: 'thing', cel: "grade == 'a'", holds: (row) => row['grade'] === 'a' },
  { entity: 'thing', cel: "grade != 'a'", holds: (row) => row['grade'] !== 'a' },
  { entity: 'thing', cel: 'count >= 2', holds: (row) => at(row, 'count') !== null && at(row, 'count')! >= 2 },
  { entity: 'thing', cel: 'amount == null', holds: (row) => at(row, 'amount') === null },
  {
    entity: 'thing',
    cel: "review_status == 'unreviewed'",
    holds: (row) => row['review_status'] === 'unreviewed',
  },
  { entity: 'thing', cel: 'is_void', holds: (row) => row['is_void'] === true },
  { entity: 'thing', cel: 'owner != user.id', holds: (row, me) => row['owner'] !== me },
  { entity: 'thing', cel: 'secret != null', holds: (row) => row['secret'] !== null },
  {
    entity: 'visit',
    cel: 'minutes > 15',
    holds: (row) => at(row, 'minutes') !== null && at(row, 'minutes')! > 15,
  },
  { entity: 'visit', cel: 'owner == user.id', holds: (row, me) => row['owner'] === me },
];

interface RoleNote {
  readonly grants: Readonly<Record<string, GrantDocument>>;
  readonly inherits: readonly string[];
}

/** Who asks, and all that was ever said of his rights. */
export interface Setup {
  readonly variant: number;
  readonly person: 'wang' | 'li' | 'zhao' | 'boss' | 'nobody';
  /** By name; a role inherits only ones that come later, so that none inherits itself. */
  readonly roles: Readonly<Record<string, RoleNote>>;
  readonly ownRoles: readonly string[];
  readonly groups: Readonly<
    Record<string, { readonly roles: readonly string[]; readonly within: readonly string[] }>
  >;
  readonly ownGroups: readonly string[];
  readonly personal: readonly StoredGrant[];
  readonly teams: readonly TeamNote[];
  readonly shares: readonly ShareNote[];
  readonly staff: readonly StaffRow[];
  /** Who stands directly above whom, by accounts. */
  readonly superiors: readonly { readonly id: string; readonly supervisor: string | null }[];
  readonly filters: readonly StoredFilter[];
  readonly deputies: readonly StoredDeputy[];
  /** Whether the session knows of what kinds of records shares there are, or everything is asked. */
  readonly knowsShares: boolean;
}

/** A record shared with a person or department; visits are not shared, whatever the table says. */
export interface ShareNote {
  readonly entity: 'thing' | 'visit';
  /** Index of the record. */
  readonly record: number;
  readonly to: string;
  readonly level: 'read' | 'write';
  readonly until: string | null;
  /** What the giver could not read, or not change, himself; fields of lines as `thing_line.price`. */
  readonly unread: readonly string[];
  readonly unwritten: readonly string[];
}

interface TeamNote {
  /** Index of the team record. */
  readonly team: number;
  readonly leader: string | null;
  readonly members: readonly string[];
  readonly from: string | null;
  readonly until: string | null;
}

export const PEOPLE: Readonly<
  Record<Setup['person'], { readonly id: string; readonly unit: string | null }>
> = {
  boss: { id: '00000000-0000-7000-8000-00000000000a', unit: UNITS.sales },
  wang: { id: '00000000-0000-7000-8000-00000000000b', unit: UNITS.sales },
  li: { id: '00000000-0000-7000-8000-00000000000c', unit: UNITS.north },
  zhao: { id: '00000000-0000-7000-8000-00000000000d', unit: UNITS.press },
  nobody: { id: '00000000-0000-7000-8000-0000000000ff', unit: null },
};

/** The business date of every case. */
export const TODAY = '2026-11-22';
export const NOW = new Date('2026-11-22T04:00:00Z');
