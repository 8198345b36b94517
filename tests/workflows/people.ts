import { bindAccess } from '../../core/src/access/bind-access.ts';
import { compileAccess } from '../../core/src/access/compile-access.ts';
import type { Application } from '../../core/src/app/application.ts';
import type { Actor, Context } from '../../core/src/context/context.ts';
import { Problem } from '../../core/src/errors/problem.ts';
import type { RecordData } from '../../core/src/records/records.ts';

/** A user of the product as shipped, with the context of his requests. */
export type Person = Context & { readonly id: string };

/** Who is to be made. `units`: his department and those below it, as his session would find them. */
export interface PersonToBe {
  readonly username: string;
  readonly role: string;
  readonly unit?: RecordData;
  readonly units?: readonly RecordData[];
  readonly supervisor?: Person;
}

/** Makes a user through the records engine. */
export async function makePerson(app: Application, system: Context, wished: PersonToBe): Promise<Person> {
  const { username, role, unit, units, supervisor } = wished;
  const user = await app.records.create(system, 'user', {
    username,
    display_name: username,
    unit: unit?.['id'] ?? null,
    roles: [role],
    supervisor: supervisor?.id ?? null,
  });
  const actor: Actor = {
    id: String(user['id']),
    username,
    displayName: username,
    unit: unit ? String(unit['id']) : null,
    roles: [role],
  };
  const below = (units ?? (unit ? [unit] : [])).map((each) => String(each['id']));
  return {
    ...system,
    source: 'screen',
    id: actor.id,
    actor,
    access: bindAccess(compileAccess(system.model, [role]), actor, { below: () => below }),
  };
}

/** The problem that a call is refused with. @throws Error when it is not refused */
export async function refusal(call: Promise<unknown>): Promise<Problem> {
  try {
    await call;
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
  throw new Error('it was not refused');
}
