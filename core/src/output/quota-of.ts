import type { Context } from '../context/context.ts';
import type { QuotaDocument } from '../model/documents.ts';
import type { OutputKind } from './output.ts';

/** Most records at once and on a day; null: no limit. */
export interface Quota {
  readonly perJob: number | null;
  readonly perDay: number | null;
}

/**
 * The quota of an actor: what the settings say for everybody, or the widest of what they say for his roles (SEC-08 b).
 * Of a role, what is left out is as for everybody; `unlimited` lifts the limit.
 */
export function quotaOf({ model, actor }: Context, kind: OutputKind): Quota {
  const document = model.settings.quotas?.[kind];
  if (!document) return { perJob: null, perDay: null };
  const ofRoles = actor.roles.flatMap((role) => document.roles?.[role] ?? []);
  const all = ofRoles.length > 0 ? ofRoles : [document];
  return { perJob: widest(all, document, 'perJob'), perDay: widest(all, document, 'perDay') };
}

function widest(
  all: readonly Pick<QuotaDocument, 'perJob' | 'perDay'>[],
  base: QuotaDocument,
  name: 'perJob' | 'perDay',
): number | null {
  const limits = all.map((each) => each[name] ?? base[name] ?? 'unlimited');
  const numbers = limits.filter((limit) => limit !== 'unlimited');
  return numbers.length < limits.length ? null : Math.max(...numbers);
}
