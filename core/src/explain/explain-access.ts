import { compileAccess, type AppliedGrant } from '../access/compile-access.ts';
import type { RecordAction, Scope } from '../model/documents.ts';
import type { EntityModel, Model } from '../model/model.ts';
import { localise, type Locale } from '../text/locale.ts';
import type { Explanation, Reason } from './explanation.ts';
import { sliceOf } from './grant-slice.ts';
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
  functionAnswer,
  functionSentence,
  nothingGranted,
  obstacleSentence,
  reasonSentence,
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

function reasonsOfGrant(
  model: Model,
  question: Question,
  subject: Subject,
  applied: AppliedGrant,
  locale: Locale,
): Reason[] {
  const { action, entity, field, facts } = question;
  const slice = sliceOf(model, entity, applied);
  const level = field ? slice.level(field) : null;
  // What a line's own reference points to is decided by the right to make the line.
  const suffices =
    level === null ||
    levelSuffices(action, level) ||
    (action === 'create' && entity.parent?.field === field?.name);
  const above = lender(model, entity);
  const label = roleLabel(model, applied.role, locale);
  const given = rightsAsked(question).filter((right) => slice.rights.rows(right).length > 0);
  // Of two rights that both serve, one that is not given needs no line of its own.
  return (given.length > 0 ? given : [action]).map((right): Reason => {
    const set = slice.rights.rows(right);
    const scope: Scope = set[0]?.scope ?? 'none';
    const reached = reaches(set, question, subject);
    const sentence = reasonSentence(
      {
        role: label,
        grant: applied.grant,
        right,
        scope,
        entity: localise(entity.label, locale),
        through: above && scope !== 'all' ? localise(above.label, locale) : null,
        field: field && level ? { label: localise(field.label, locale), level, suffices } : null,
        reached: facts ? reached : null,
      },
      locale,
    );
    return {
      role: applied.role,
      roleLabel: label,
      grant: applied.grant,
      right,
      scope,
      holds: reached && suffices,
      ...(level ? { level } : {}),
      sentence,
    };
  });
}

function emptyRole(model: Model, role: string, right: RecordAction, entity: string, locale: Locale): Reason {
  const label = roleLabel(model, role, locale);
  const sentence = emptyRoleSentence(label, entity, model.roles.has(role), locale);
  return { role, roleLabel: label, grant: null, right, scope: 'none', holds: false, sentence };
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
  const rights = compileAccess(model, subject.roles).entity(entity);
  const reasons = subject.roles.flatMap((role) => {
    const own = rights.grants.filter((applied) => applied.role === role);
    if (own.length === 0) return [emptyRole(model, role, action, localise(entity.label, locale), locale)];
    return own.flatMap((applied) => reasonsOfGrant(model, question, subject, applied, locale));
  });
  const withheld = withheldFields(rights, question, subject).map(({ label }) => localise(label, locale));
  const obstacles = obstaclesOf(rights, question, subject).map((kind) => ({
    kind,
    sentence: obstacleSentence(kind, withheld, locale),
  }));
  const given = granted(rights, question, subject);
  const allowed = given && obstacles.length === 0;
  const telling = given ? reasons.find((reason) => reason.holds) : nearest(reasons);
  const because = obstacles[0]?.sentence ?? telling?.sentence ?? nothingGranted(locale);
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

/** The grant that comes closest to what was refused. */
function nearest(reasons: readonly Reason[]): Reason | undefined {
  return reasons.find(({ scope }) => scope !== 'none') ?? reasons.find(({ grant }) => grant) ?? reasons[0];
}

/** Does the subject have a function permission, and by which role (SEC-06)? */
export function explainFunction(model: Model, subject: Subject, name: string, locale: Locale): Explanation {
  const entries = [name, `${name.split('.')[0]}.*`, '*'];
  const reasons = subject.roles.map((role): Reason => {
    const functions = model.roles.get(role)?.functions ?? {};
    const entry = entries.find((each) => functions[each] === true) ?? null;
    const label = roleLabel(model, role, locale);
    return {
      role,
      roleLabel: label,
      grant: entry,
      right: `function:${name}`,
      scope: entry === null ? 'none' : 'all',
      holds: entry !== null,
      sentence: functionSentence({ role: label, name, entry }, locale),
    };
  });
  const obstacles = subject.active
    ? []
    : [{ kind: 'account' as const, sentence: obstacleSentence('account', [], locale) }];
  const given = compileAccess(model, subject.roles).mayUse(name);
  const telling = reasons.find(({ holds }) => holds === given);
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
