import { ceilingOf, isOfFields, rowsOf, type AppliedGrant } from '../access/applied-grant.ts';
import { isDenial } from '../access/personal-grant.ts';
import { NO_ROWS, unite, type ScopeSet } from '../access/scope-set.ts';
import type { RecordAction } from '../model/documents.ts';
import type { Model } from '../model/model.ts';
import { levelSuffices, reaches, type Question, type Subject } from './judge.ts';

/** The rows in which a refusing grant takes away what a right would give for the question. */
export function refusedRows(
  model: Model,
  applied: AppliedGrant,
  { action, entity, field }: Question,
  right: RecordAction,
): ScopeSet {
  const rows = (of: RecordAction): ScopeSet => rowsOf(model, entity, applied, of);
  if (!isOfFields(applied)) return rows(right);
  if (!field) return NO_ROWS;
  const ceiling = ceilingOf(entity, field, applied);
  if (levelSuffices(action, ceiling)) return NO_ROWS;
  if (action === 'query' || action === 'read') return rows('read');
  const own = rows(action);
  // What may not be read any more is not written either.
  return action === 'update' && ceiling !== 'read' ? unite(own, rows('read')) : own;
}

/** Is what one grant gives taken away by a refusal of the same rank or a higher one (SEC-04)? */
export function isRefused(
  model: Model,
  giving: AppliedGrant,
  all: readonly AppliedGrant[],
  question: Question,
  subject: Subject,
  right: RecordAction,
): boolean {
  return all.some(
    (other) =>
      isDenial(other.document) &&
      (other.filter !== undefined || other.personal !== null || giving.personal === null) &&
      refuses(model, other, question, subject, right),
  );
}

/** Does a refusing grant reach what the question is about? Of no record in particular: does it refuse them all? */
export function refuses(
  model: Model,
  applied: AppliedGrant,
  question: Question,
  subject: Subject,
  right: RecordAction,
): boolean {
  const rows = refusedRows(model, applied, question, right);
  if (question.facts || (question.action === 'create' && !question.entity.parent))
    return reaches(rows, question, subject);
  return rows.some(({ scope, when }) => scope === 'all' && !when);
}
