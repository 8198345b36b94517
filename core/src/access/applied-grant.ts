import { ExpressionError } from '../expression/index.ts';
import { amountOf, moneyCompanions } from '../model/money-companions.ts';
import type { FieldLevel, GrantDocument, RecordAction, RoleDocument } from '../model/documents.ts';
import type { EntityModel, FieldModel, Model } from '../model/model.ts';
import { FILTER_ROLE, type RowFilter } from './circumstances.ts';
import { isDenial, PERSONAL_ROLE, type PersonalGrant } from './personal-grant.ts';
import { rowCondition, type RowCondition } from './row-condition.ts';
import { regionOf } from './territory.ts';
import { NO_ROWS, unite, type ScopeAtom, type ScopeSet } from './scope-set.ts';

/** A grant that bears on an entity, kept so that the gate can say why (`explain`). */
export interface AppliedGrant {
  /** The role whose document it is in; for a personal grant the name it is kept under. */
  readonly role: string;
  readonly grant: string;
  readonly document: GrantDocument;
  /** 0: names the entity or the wildcard; n: it is inherited from the record n parents above. */
  readonly depth: number;
  /** Highest level a line's field may have, because the parent's field that shows the lines has it. */
  readonly cap: FieldLevel;
  /** Set where it is one person's own, not a role's (SEC-03). */
  readonly personal: PersonalGrant | null;
  /** Set where it is the filter of a department, which refuses what does not fit it (SEC-09). */
  readonly filter?: RowFilter;
}

const LEVELS: readonly FieldLevel[] = ['hidden', 'masked', 'read', 'write'];

function lower(a: FieldLevel, b: FieldLevel): FieldLevel {
  return LEVELS.indexOf(a) < LEVELS.indexOf(b) ? a : b;
}

/** Currency, rate and equivalent of an amount follow the amount. */
function governing(entity: EntityModel, field: FieldModel): FieldModel {
  const amount = entity.fields.get(amountOf(field.name) ?? '');
  if (amount?.type !== 'money') return field;
  return Object.hasOwn(moneyCompanions(amount.name, amount.def, ''), field.name) ? amount : field;
}

/** The level that one grant gives a field. Sensitive fields are hidden unless named (SEC-05). */
export function levelOf(entity: EntityModel, field: FieldModel, applied: AppliedGrant): FieldLevel {
  const named = applied.document.fields ?? {};
  const inherited = applied.depth > 0;
  const governed = governing(entity, field);
  const own = inherited ? undefined : (named[field.name] ?? named[governed.name]);
  const level = own ?? (governed.sensitive ? (named['@sensitive'] ?? 'hidden') : (named['*'] ?? 'write'));
  return lower(level, applied.cap);
}

function applied(role: string, grant: string, document: GrantDocument, personal: PersonalGrant | null) {
  return { role, grant, document, depth: 0, cap: 'write' as const, personal };
}

/** What a line takes from the record above it. */
function inherited(parent: EntityModel, entity: EntityModel, above: AppliedGrant): AppliedGrant {
  const shownBy = [...parent.fields.values()].find(
    (field) => (field.type === 'lines' || field.type === 'children') && field.def['entity'] === entity.name,
  );
  return {
    ...above,
    depth: above.depth + 1,
    cap: shownBy ? lower(levelOf(parent, shownBy, above), above.cap) : above.cap,
  };
}

/** Those of the grants that bear on an entity: an allowing wildcard only where nothing else is said of it. */
function bearingOn(all: readonly AppliedGrant[], model: Model, entity: EntityModel): AppliedGrant[] {
  const allowing = all.filter(({ document }) => !isDenial(document));
  const denying = all.filter(({ document }) => isDenial(document));
  const parent = entity.parent && model.entities.get(entity.parent.entity);
  const names = ({ document }: AppliedGrant): boolean => document.entity === entity.name;
  const isGeneral = ({ document }: AppliedGrant): boolean => document.entity === '*';
  const own = allowing.filter(names);
  const up = (of: readonly AppliedGrant[]): AppliedGrant[] =>
    parent ? bearingOn(of, model, parent).map((above) => inherited(parent, entity, above)) : [];
  const allowed = own.length > 0 ? own : entity.parent ? up(allowing) : allowing.filter(isGeneral);
  // A refusal is never lifted by saying something else of the entity.
  const refused = entity.parent
    ? [...denying.filter(names), ...up(denying)]
    : denying.filter((each) => names(each) || isGeneral(each));
  return [...allowed, ...refused];
}

/** The grants of a role that bear on an entity. */
export function grantsOfRole(role: RoleDocument, model: Model, entity: EntityModel): AppliedGrant[] {
  const all = Object.entries(role.grants).map(([name, document]) => applied(role.name, name, document, null));
  return bearingOn(all, model, entity);
}

/** Each stands for itself: an allowance for everything does not end where one for something begins. */
export function grantsOfPerson(
  personal: readonly PersonalGrant[],
  model: Model,
  entity: EntityModel,
): AppliedGrant[] {
  return personal.flatMap((each) =>
    each.document === null
      ? []
      : bearingOn([applied(PERSONAL_ROLE, each.id, each.document, each)], model, entity),
  );
}

const EVERYTHING: GrantDocument['actions'] = {
  query: 'all',
  read: 'all',
  create: 'all',
  update: 'all',
  void: 'all',
  delete: 'all',
  restore: 'all',
  print: 'all',
  export: 'all',
  transition: 'all',
  share: 'all',
};

/** Of which records a filter refuses; null where its condition fits the entity no more: then it refuses all. */
function refusedBy(model: Model, { entity, condition }: RowFilter): string | null {
  const of = model.entities.get(entity);
  // A condition that is neither true nor false does not hold.
  const refused = `!((${condition}) == true)`;
  try {
    if (of) rowCondition(of, refused);
    return refused;
  } catch (error) {
    if (error instanceof ExpressionError) return null;
    throw error;
  }
}

/** A department's filter in the words of a grant: a refusal of every record of which the condition does not hold. */
export function grantsOfFilters(
  filters: readonly RowFilter[],
  model: Model,
  entity: EntityModel,
): AppliedGrant[] {
  return filters.flatMap((filter) => {
    const when = refusedBy(model, filter);
    const document: GrantDocument = {
      entity: filter.entity,
      effect: 'deny',
      actions: EVERYTHING,
      ...(when === null ? {} : { when }),
    };
    const all = [{ ...applied(FILTER_ROLE, filter.id, document, null), filter }];
    return bearingOn(all, model, entity);
  });
}

/** Lines are made, changed and removed by who may change their parent. */
function actionOf(action: RecordAction, applied: AppliedGrant): RecordAction {
  if (applied.depth === 0 || action === 'query' || action === 'read') return action;
  return action === 'print' || action === 'export' ? action : 'update';
}

/** The rows that one grant gives, or refuses, for an action. */
export function rowsOf(
  model: Model,
  entity: EntityModel,
  applied: AppliedGrant,
  action: RecordAction,
): ScopeSet {
  const scope = applied.document.actions[actionOf(action, applied)];
  if (scope === undefined || scope === 'none') return NO_ROWS;
  // A line has no owner of its own: its scope is asked of its parent, also when the grant names the line.
  const depth = entity.parent ? Math.max(applied.depth, 1) : applied.depth;
  const condition = conditionOf(entity, applied, model);
  const when = condition ? { when: condition } : {};
  if (scope !== 'territory') return unite([{ scope, depth, ...when }]);
  const at = aboveAt(model, entity, depth);
  const region = at && regionOf(model, at);
  return region ? [{ scope, depth, region, ...when }] : NO_ROWS;
}

/** What shares and absent colleagues may add to a grant that gives at least some rows. */
export interface Extension {
  /** Is any record of the entity shared? */
  readonly shared: boolean;
  readonly standsIn: boolean;
}

const SHARED_ACTIONS: ReadonlySet<RecordAction> = new Set(['query', 'read', 'update']);
const STANDIN_ACTIONS: ReadonlySet<RecordAction> = new Set(['query', 'read', 'update', 'transition']);

/**
 * The rows that come to an allowing grant by shares (SEC-07) and by absent colleagues (SEC-16): more rows of what the
 * person may do with records of the kind, never more kinds, actions or fields, and only where its condition holds.
 * @param field in whose cell the rows are asked for, as shares name it; null: for the record itself
 */
export function rowsBeyond(
  model: Model,
  entity: EntityModel,
  applied: AppliedGrant,
  action: RecordAction,
  { shared, standsIn }: Extension,
  field: string | null,
): ScopeSet {
  if ((!shared && !standsIn) || isDenial(applied.document)) return NO_ROWS;
  const own = rowsOf(model, entity, applied, action);
  const asked = actionOf(action, applied);
  return unite(
    own.flatMap(({ scope, depth, when }): ScopeAtom[] => {
      if (scope === 'all' && !when) return [];
      const condition = when ? { when } : {};
      const level = asked === 'update' ? 'write' : 'read';
      return [
        ...(shared && SHARED_ACTIONS.has(asked)
          ? [{ scope: 'shared' as const, depth, shared: { level, field } as const, ...condition }]
          : []),
        ...(standsIn && STANDIN_ACTIONS.has(asked)
          ? [{ scope: 'standin' as const, depth, ...condition }]
          : []),
      ];
    }),
  );
}

/** The entity that a condition or region is asked of: for a line one above it. */
function aboveAt(model: Model, entity: EntityModel, depth: number): EntityModel | undefined {
  let of: EntityModel | undefined = entity;
  for (let up = depth; up > 0; up -= 1) of = of?.parent ? model.entities.get(of.parent.entity) : undefined;
  return of;
}

/** A condition is asked of the record that the grant is about, which for a line is one above it. */
function conditionOf(
  entity: EntityModel,
  { document, depth }: AppliedGrant,
  model: Model,
): RowCondition | null {
  if (document.when === undefined) return null;
  const of = aboveAt(model, entity, depth);
  return of ? rowCondition(of, document.when) : null;
}

/** A refusal that names fields leaves the records themselves alone; so does a person's right to a field. */
export function isOfFields({ document, personal, depth, cap }: AppliedGrant): boolean {
  if (isDenial(document)) return document.fields !== undefined || (depth > 0 && cap !== 'write');
  return personal?.field === true;
}

/** The level above which a refusal takes a field away; `write` leaves it as it is. */
export function ceilingOf(entity: EntityModel, field: FieldModel, each: AppliedGrant): FieldLevel {
  if (each.depth > 0) return each.document.fields === undefined ? 'hidden' : each.cap;
  const named = each.document.fields;
  if (named === undefined) return 'hidden';
  const governed = governing(entity, field);
  const own = named[field.name] ?? named[governed.name];
  return own ?? (governed.sensitive ? named['@sensitive'] : undefined) ?? named['*'] ?? 'write';
}
