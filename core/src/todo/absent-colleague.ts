import { compileAccess } from '../access/compile-access.ts';
import { bindParameters } from '../access/bind-access.ts';
import type { StoredDeputy } from '../access/standing.ts';
import type { Context } from '../context/context.ts';
import { problem } from '../errors/catalogue.ts';
import { loadSubject, type SubjectSource } from '../explain/load-subjects.ts';
import type { Records } from '../records/records.ts';
import type { Session } from '../session/session.ts';

/** The colleagues for whom a person takes steps of workflows now (SEC-16). A token acts for its own person alone. */
export function absentColleagues({ standing, token }: Session): readonly StoredDeputy[] {
  return token ? [] : standing.deputies.filter(({ todo }) => todo !== false);
}

/**
 * The context in which a deputy takes a step: the gate and the roles are those of the colleague who is away, what is
 * written is written by the deputy, on his behalf. Only for what waits for the colleague: {@link requireWaiting}.
 * @throws MRT_RECORD_NOT_FOUND where the person stands in for no such colleague now, or his account is switched off
 */
export async function contextForAbsent(
  source: SubjectSource,
  context: Context,
  session: Session,
  absent: string,
): Promise<Context> {
  const id = absent.toLowerCase();
  const known = absentColleagues(session).some(({ owner }) => owner === id);
  const subject = known ? await loadSubject(source, context, id) : null;
  if (!subject?.active) throw problem('MRT_RECORD_NOT_FOUND');
  const compiled = compileAccess(context.model, subject.roles, subject.personal, subject.circumstances);
  return {
    ...context,
    actor: { ...context.actor, unit: subject.parameters.unit, roles: compiled.roles },
    access: bindParameters(compiled, { ...subject.parameters, acting: context.access.parameters.me }),
    behalf: { id, displayName: subject.displayName },
  };
}

/** A deputy sees of his colleague's records those that wait for him, and no others. @throws MRT_RECORD_NOT_FOUND */
export async function requireWaiting(
  records: Records,
  absent: Context,
  entity: string,
  id: string,
): Promise<void> {
  const { items } = await records.list(absent, entity, {
    filter: { $and: [{ id }, { $waiting: true }] },
    fields: ['id'],
    limit: 1,
  });
  if (items.length === 0) throw problem('MRT_RECORD_NOT_FOUND');
}
