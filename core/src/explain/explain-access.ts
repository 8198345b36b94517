import { ceilingOf, isOfFields, type AppliedGrant } from '../access/applied-grant.ts';
import { FILTER_ROLE } from '../access/circumstances.ts';
import { compileAccess, type CompiledEntity } from '../access/compile-access.ts';
import { entriesFor } from '../access/compile-functions.ts';
import { isDenial, PERSONAL_ROLE, type PersonalGrant } from '../access/personal-grant.ts';
import type { ScopeSet } from '../access/scope-set.ts';
import type { FieldLevel, RecordAction } from '../model/documents.ts';
import type { EntityModel, Model } from '../model/model.ts';
import { localise, type Locale } from '../text/locale.ts';
import { isRefused, refusedRows, refuses } from './denials.ts';
import type { Explanation, Reason, ToldScope } from './explanation.ts';
import { sliceOf, type GrantSlice } from './grant-slice.ts';
import {
  granted,
  levelFor,
  levelSuffices,
  obstaclesOf,
  reaches,
  rightsAsked,
  withheldFields,
  type Question,
  type Subject,
} from './judge.ts';
import {
  answerSentence,
  emptyRoleSentence,
  filterLabel,
  filterSource,
  functionAnswer,
  functionSentence,
  nothingGranted,
  obstacleSentence,
  personalLabel,
  personalSource,
  reasonSentence,
  roleSource,
  type ReasonNames,
} from './sentences.ts';

function roleLabel(model: Model, role: string, locale: Locale): string {
  const document = model.roles.get(role);
  return document ? localise(document.label, locale) : role;
}

/** The record above a line that lends its scope; null where the record answers for itself. */
function lender(model: Model, entity: EntityModel): EntityModel | null {
  let above = entity.parent ? model.entities.get(entity.parent.entity) : undefined;
  while (above?.parent) above = model.entities.get(above.parent.entity);
  return above ?? null;
}

interface Told {
  readonly model: Model;
  readonly question: Question;
  readonly subject: Subject;
  readonly rights: CompiledEntity;
  readonly locale: Locale;
}

function reasonsOfGrant(told: Told, applied: AppliedGrant): Reason[] {
  const { model, question } = told;
  const { action, entity, field } = question;
  const isRefusal = isDenial(applied.document);
  // A right to a field, or a refusal of one, has nothing to say of the record.
  if (!field && isOfFields(applied)) return [];
  const slice = sliceOf(model, entity, applied);
  const level = field ? (isRefusal ? ceilingOf(entity, field, applied) : slice.level(field)) : null;
  const asked = rightsAsked(question);
  const rowsOfRight = (right: RecordAction): ScopeSet =>
    isRefusal ? refusedRows(model, applied, question, right) : slice.rights.rows(right);
  const given = asked.filter((right) => rowsOfRight(right).length > 0);
  if (isRefusal && given.length === 0) return [];
  // Of two rights that both serve, one that is not given needs no line of its own. Where none is given, the one that
  // decides is named: to query a record does not show a field that only reading shows.
  const missing = asked.includes(action) ? action : (asked[0] ?? action);
  return (given.length > 0 ? given : [missing]).flatMap((right): Reason[] => {
    const set = rowsOfRight(right);
    const own = set.filter(({ scope }) => !isBeyond(scope));
    const sets = [own, ...setsBeyond(told, set, slice, right)];
    return sets.map((each) => reasonOf(told, applied, right, each, level));
  });
}

function isBeyond(scope: ToldScope): boolean {
  return scope === 'shared' || scope === 'standin';
}

/** By which shares and absent colleagues the grant comes to the record: told where it does, for each kind. */
function setsBeyond(
  { question, subject }: Told,
  set: ScopeSet,
  slice: GrantSlice,
  right: RecordAction,
): readonly ScopeSet[] {
  if (!question.facts) return [];
  const cell = question.field && slice.rights.field(question.field);
  const rows = cell ? (right === 'update' ? cell.write : cell.read) : set;
  return (['shared', 'standin'] as const).flatMap((kind) => {
    const part = rows.filter(({ scope }) => scope === kind);
    return part.length > 0 && reaches(part, question, subject) ? [part] : [];
  });
}

function reasonOf(
  told: Told,
  applied: AppliedGrant,
  right: RecordAction,
  set: ScopeSet,
  level: FieldLevel | null,
): Reason {
  const { model, question, subject, locale } = told;
  const { entity, field, facts } = question;
  const isRefusal = isDenial(applied.document);
  const scope: ToldScope = set[0]?.scope ?? 'none';
  const above = lender(model, entity);
  const outcome = isRefusal ? refusalOf(told, applied, right) : allowanceOf(told, applied, right, set, level);
  const names: ReasonNames = {
    by: sourceOf(told, applied),
    isRefusal,
    right,
    scope,
    when: applied.filter ? null : (applied.document.when ?? null),
    isFilter: applied.filter !== undefined,
    entity: localise(entity.label, locale),
    through: above && scope !== 'all' ? localise(above.label, locale) : null,
    field:
      field && level ? { label: localise(field.label, locale), level, suffices: outcome.suffices } : null,
    reached: facts ? outcome.reached : null,
    overruled: outcome.overruled,
  };
  const groups = groupsOf(subject, applied);
  return {
    role: applied.role,
    roleLabel: labelOf(told, applied),
    grant: applied.grant,
    right,
    scope,
    effect: isRefusal ? 'deny' : 'allow',
    holds: !isRefusal && outcome.reached && outcome.suffices && !outcome.overruled,
    ...(isRefusal ? { refuses: outcome.reached } : {}),
    ...(applied.personal ? { personal: personalOf(applied.personal) } : {}),
    ...(groups.length > 0 ? { groups } : {}),
    ...conditionOf(applied),
    ...(level ? { level } : {}),
    sentence: reasonSentence(names, locale),
  };
}

function conditionOf({ filter, document: { when } }: AppliedGrant): Pick<Reason, 'filter' | 'when'> {
  if (filter) return { filter: { unit: filter.unit, condition: filter.condition } };
  return when === undefined ? {} : { when };
}

function labelOf({ model, locale }: Told, applied: AppliedGrant): string {
  if (applied.filter) return filterLabel(locale);
  return applied.personal ? personalLabel(locale) : roleLabel(model, applied.role, locale);
}

interface Outcome {
  readonly reached: boolean;
  readonly suffices: boolean;
  /** It would give it, but a refusal goes before it. */
  readonly overruled: boolean;
}

function refusalOf({ model, question, subject }: Told, applied: AppliedGrant, right: RecordAction): Outcome {
  return { reached: refuses(model, applied, question, subject, right), suffices: false, overruled: false };
}

function allowanceOf(
  { model, question, subject, rights }: Told,
  applied: AppliedGrant,
  right: RecordAction,
  set: ScopeSet,
  level: FieldLevel | null,
): Outcome {
  const { action, entity, field } = question;
  // What a line's own reference points to is decided by the right to make the line.
  const suffices =
    level === null ||
    levelSuffices(action, level) ||
    (action === 'create' && entity.parent?.field === field?.name);
  // A person's right to a field bears only in records that he may reach otherwise.
  const whole = action === 'query' || action === 'read' ? rights.visible : rights.rows(action);
  const reached =
    reaches(set, question, subject) && (!isOfFields(applied) || reaches(whole, question, subject));
  const overruled = reached && suffices && isRefused(model, applied, rights.grants, question, subject, right);
  return { reached, suffices, overruled };
}

function personalOf({ id, reason, until }: PersonalGrant): NonNullable<Reason['personal']> {
  return { id, reason, until };
}

/** By which groups the subject has the role of the grant; none where he has it himself. */
function groupsOf(subject: Subject, { role, personal, filter }: AppliedGrant): readonly string[] {
  if (personal || filter) return [];
  return subject.groups.flatMap(({ name, roles, through }) =>
    roles.includes(role) ? [[...through, name].join(' › ')] : [],
  );
}

function sourceOf({ model, subject, locale }: Told, applied: AppliedGrant): string {
  if (applied.filter) return filterSource(applied.filter, locale);
  if (applied.personal) return personalSource(applied.personal, isDenial(applied.document), locale);
  return roleSource(
    {
      role: roleLabel(model, applied.role, locale),
      grant: applied.grant,
      groups: groupsOf(subject, applied),
    },
    locale,
  );
}

function emptyRole(model: Model, role: string, right: RecordAction, entity: string, locale: Locale): Reason {
  const label = roleLabel(model, role, locale);
  const sentence = emptyRoleSentence(label, entity, model.roles.has(role), locale);
  return {
    role,
    roleLabel: label,
    grant: null,
    right,
    scope: 'none',
    effect: 'allow',
    holds: false,
    sentence,
  };
}

/**
 * Why may or may not the subject do this (SEC-04, DESIGN §5)? `allowed` is computed from the very sets that the gate
 * uses; the reasons come from the same compiler, one grant at a time.
 */
export function explainAccess(
  model: Model,
  subject: Subject,
  question: Question,
  locale: Locale,
): Explanation {
  const { action, entity, field, facts } = question;
  const rights = compileAccess(model, subject.roles, subject.personal, subject.circumstances).entity(entity);
  const told: Told = { model, question, subject, rights, locale };
  const reasons = [...subject.roles, PERSONAL_ROLE, FILTER_ROLE].flatMap((role) => {
    const own = rights.grants.filter((applied) => applied.role === role);
    if (own.length === 0 && role !== PERSONAL_ROLE && role !== FILTER_ROLE)
      return [emptyRole(model, role, action, localise(entity.label, locale), locale)];
    return own.flatMap((applied) => reasonsOfGrant(told, applied));
  });
  const withheld = withheldFields(rights, question, subject).map(({ label }) => localise(label, locale));
  const obstacles = obstaclesOf(rights, question, subject).map((kind) => ({
    kind,
    sentence: obstacleSentence(kind, withheld, locale),
  }));
  const given = granted(rights, question, subject);
  const allowed = given && obstacles.length === 0;
  const telling = given ? reasons.find((reason) => reason.holds) : nearest(reasons);
  // Where a department's filter hides the record, that is the reason why nothing can be done to it.
  const hides =
    obstacles[0]?.kind === 'invisible' ? reasons.find((each) => each.filter && each.refuses) : undefined;
  const because = hides?.sentence ?? obstacles[0]?.sentence ?? telling?.sentence ?? nothingGranted(locale);
  return {
    user: { id: subject.id, username: subject.username, display_name: subject.displayName },
    action,
    entity: entity.name,
    ...(facts ? { id: facts.id } : {}),
    ...(field ? { field: field.name, level: levelFor(rights, question, subject) } : {}),
    allowed,
    sentence: answerSentence(
      {
        user: subject.displayName,
        action,
        entity: localise(entity.label, locale),
        field: field ? localise(field.label, locale) : null,
        record: facts !== null && action !== 'create',
        allowed,
        because,
      },
      locale,
    ),
    reasons,
    obstacles,
  };
}

/** What refuses it, or the grant that comes closest. A person's own refusal is told before one of his roles. */
function nearest(reasons: readonly Reason[]): Reason | undefined {
  const refusing = reasons.filter(({ refuses: does }) => does === true);
  return (
    refusing.find(({ filter }) => filter) ??
    refusing.find(({ personal }) => personal) ??
    refusing[0] ??
    closest(reasons.filter(({ effect }) => effect === 'allow'))
  );
}

function closest(reasons: readonly Reason[]): Reason | undefined {
  return reasons.find(({ scope }) => scope !== 'none') ?? reasons.find(({ grant }) => grant) ?? reasons[0];
}

/** Does the subject have a function permission, and by which role (SEC-06)? */
export function explainFunction(model: Model, subject: Subject, name: string, locale: Locale): Explanation {
  const reasons = [
    ...subject.roles.flatMap((role) => functionReasons(model, role, name, locale)),
    ...subject.personal.flatMap((own) => ownFunctionReason(own, name, locale)),
  ];
  const obstacles = subject.active
    ? []
    : [{ kind: 'account' as const, sentence: obstacleSentence('account', [], locale) }];
  const given = compileAccess(model, subject.roles, subject.personal, subject.circumstances).mayUse(name);
  const telling = given
    ? (reasons.findLast(({ holds }) => holds) ?? reasons[0])
    : (reasons.findLast(({ refuses: does }) => does === true) ?? reasons.find(({ holds }) => !holds));
  const allowed = given && obstacles.length === 0;
  const because = obstacles[0]?.sentence ?? telling?.sentence ?? nothingGranted(locale);
  return {
    user: { id: subject.id, username: subject.username, display_name: subject.displayName },
    action: `function:${name}`,
    allowed,
    sentence: functionAnswer(subject.displayName, name, allowed, because, locale),
    reasons,
    obstacles,
  };
}

/** What one role says of a function permission: that it gives it, that it refuses it, or nothing. */
function functionReasons(model: Model, role: string, name: string, locale: Locale): Reason[] {
  const document = model.roles.get(role);
  const held = entriesFor(name).find((each) => document?.functions?.[each] === true) ?? null;
  const refused = entriesFor(name).find((each) => document?.refusedFunctions?.[each] === true) ?? null;
  const label = roleLabel(model, role, locale);
  const reason = (entry: string | null, effect: Reason['effect']): Reason => ({
    role,
    roleLabel: label,
    grant: entry,
    right: `function:${name}`,
    scope: entry === null ? 'none' : 'all',
    effect,
    holds: effect === 'allow' && entry !== null,
    ...(effect === 'deny' ? { refuses: true } : {}),
    sentence: functionSentence({ role: label, name, entry, isRefusal: effect === 'deny' }, locale),
  });
  return [reason(held, 'allow'), ...(refused === null ? [] : [reason(refused, 'deny')])];
}

function ownFunctionReason(own: PersonalGrant, name: string, locale: Locale): Reason[] {
  const { functionName, effect } = own;
  if (functionName === null || !entriesFor(name).includes(functionName)) return [];
  const isRefusal = effect === 'deny';
  return [
    {
      role: PERSONAL_ROLE,
      roleLabel: personalLabel(locale),
      grant: own.id,
      right: `function:${name}`,
      scope: 'all',
      effect,
      holds: !isRefusal,
      ...(isRefusal ? { refuses: true } : {}),
      personal: personalOf(own),
      sentence: `${personalSource(own, isRefusal, locale)}${locale === 'en' ? '.' : '。'}`,
    },
  ];
}
