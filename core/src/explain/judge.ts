import type { CompiledField } from '../access/compile-rows.ts';
import type { CompiledEntity } from '../access/compile-access.ts';
import type { ActorParameters } from '../access/actor-parameters.ts';
import type { Circumstances } from '../access/circumstances.ts';
import { scopeHolds, type ScopeSet } from '../access/scope-set.ts';
import type { PersonalGrant } from '../access/personal-grant.ts';
import type { Membership } from '../access/standing.ts';
import type { FieldLevel, RecordAction } from '../model/documents.ts';
import type { EntityModel, FieldModel } from '../model/model.ts';
import type { Obstacle } from './explanation.ts';
import type { RecordFacts } from './record-facts.ts';

/** Whose rights are asked about. */
export interface Subject {
  readonly id: string;
  readonly username: string;
  readonly displayName: string;
  /** With those they inherit. */
  readonly roles: readonly string[];
  /** What he has been given or refused himself. */
  readonly personal: readonly PersonalGrant[];
  /** By way of which of his groups he has a role; none for what he has himself. */
  readonly groups: readonly Membership[];
  /** Filters of his department, shares, absent colleagues. */
  readonly circumstances: Circumstances;
  readonly active: boolean;
  readonly parameters: ActorParameters;
}

/** An action on an entity, one of its records, or a field of it. */
export interface Question {
  readonly action: RecordAction;
  readonly entity: EntityModel;
  readonly field: FieldModel | null;
  /** Null: of any record. A new one is judged as its creator would make it. */
  readonly facts: RecordFacts | null;
}

/** Does a scope reach what the question is about? Without a record: does it reach any at all? */
export function reaches(set: ScopeSet, { action, entity, facts }: Question, subject: Subject): boolean {
  const { parameters } = subject;
  if (facts) return scopeHolds(set, facts.row, parameters, facts.up ?? undefined);
  if (action !== 'create' || entity.parent) return set.length > 0;
  // Owner, unit and creator of a new record are its maker's unless given.
  return scopeHolds(
    set,
    { owner: parameters.me, created_by: parameters.me, unit: parameters.unit },
    parameters,
  );
}

/** The actions whose scopes decide: to know of a record, either `query` or `read` is enough (SEC-01). */
export function rightsAsked({ action, entity, field }: Question): readonly RecordAction[] {
  if (action === 'query' && !field) return ['query', 'read'];
  if (action === 'query' || action === 'read') {
    const shownByQuery = field && (entity.identifying.has(field.name) || ALWAYS_SHOWN.has(field.name));
    return shownByQuery ? ['query', 'read'] : ['read'];
  }
  return [action];
}

const ALWAYS_SHOWN: ReadonlySet<string> = new Set(['id', 'version']);

/** Is a field of this level within what the action asks for? */
export function levelSuffices(action: RecordAction, level: FieldLevel): boolean {
  return action === 'query' || action === 'read' ? level === 'read' || level === 'write' : level === 'write';
}

function cellSet(action: RecordAction, cell: CompiledField): ScopeSet {
  if (action === 'create') return cell.create;
  return action === 'update' ? cell.write : cell.read;
}

/** Do the grants, all together, give what is asked? The same compiled sets that the gate puts into its statements. */
export function granted(rights: CompiledEntity, question: Question, subject: Subject): boolean {
  const { action, field } = question;
  const holds = (set: ScopeSet): boolean => reaches(set, question, subject);
  if (field && (action === 'query' || action === 'read'))
    return holds(rights.visible) && holds(rights.field(field).read);
  if (!holds(action === 'query' ? rights.visible : rights.rows(action))) return false;
  return field === null || isLink(question) || holds(cellSet(action, rights.field(field)));
}

/** A line's own reference to what is above it is given when it is made, by whoever may make it. */
function isLink({ action, entity, field }: Question): boolean {
  return action === 'create' && field !== null && entity.parent?.field === field.name;
}

/** What the subject sees of the field that is asked about. */
export function levelFor(rights: CompiledEntity, question: Question, subject: Subject): FieldLevel {
  if (!question.field) return 'hidden';
  const cell = rights.field(question.field);
  const holds = (set: ScopeSet): boolean => reaches(set, question, subject);
  if (question.action === 'create') return holds(cell.create) ? 'write' : 'hidden';
  if (holds(cell.write)) return 'write';
  if (holds(cell.read)) return 'read';
  return holds(cell.masked) ? 'masked' : 'hidden';
}

/** What stands in the way beside the grants. */
export function obstaclesOf(
  rights: CompiledEntity,
  question: Question,
  subject: Subject,
): readonly Obstacle['kind'][] {
  const { action, entity, field, facts } = question;
  const holds = (set: ScopeSet): boolean => reaches(set, question, subject);
  const found: Obstacle['kind'][] = [];
  if (!subject.active) found.push('account');
  if (facts && action !== 'create') {
    if (action !== 'query' && !holds(rights.visible)) found.push('invisible');
    const inBin = holds(rights.rows('delete')) || holds(rights.rows('restore'));
    const staysThere = ['query', 'read', 'delete', 'restore'].includes(action);
    if (facts.deleted && !(staysThere && inBin)) found.push('recycle-bin');
    if (!facts.deleted && action === 'restore') found.push('not-in-recycle-bin');
  }
  // Nothing is added to what lies in the recycle bin.
  if (facts?.deleted && action === 'create') found.push('recycle-bin');
  if (action === 'void' && !entity.fields.has('is_void')) found.push('no-void');
  if (action === 'create' && !field && withheldFields(rights, question, subject).length > 0)
    found.push('required-field');
  if (field?.readOnly && (action === 'create' || action === 'update')) found.push('read-only');
  return found;
}

/** Fields without which no record can be made, and which the subject may not give. */
export function withheldFields(
  rights: CompiledEntity,
  question: Question,
  subject: Subject,
): readonly FieldModel[] {
  return [...question.entity.fields.values()].filter(
    (field) =>
      field.required &&
      !field.readOnly &&
      field.def.default === undefined &&
      field.name !== question.entity.parent?.field &&
      !reaches(rights.field(field).create, question, subject),
  );
}
