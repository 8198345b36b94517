import { compileAccess } from '../access/compile-access.ts';
import type { RecordAction } from '../model/documents.ts';
import type { EntityModel, Model } from '../model/model.ts';
import { localise, type Locale } from '../text/locale.ts';
import type { WhoAnswer } from './explanation.ts';
import { sliceOf } from './grant-slice.ts';
import { granted, obstaclesOf, reaches, type Question, type Subject } from './judge.ts';
import type { RecordFacts } from './record-facts.ts';

const ASKED: readonly RecordAction[] = ['query', 'read', 'update'];

/** Names of the roles that have any grant bearing on the entity. */
export function rolesBearingOn(model: Model, entity: EntityModel): readonly string[] {
  const { grants } = compileAccess(model, [...model.roles.keys()]).entity(entity);
  return [...new Set(grants.map((applied) => applied.role))];
}

/** Which of the users may know of a record, read or change it, and by which grant of which role. */
export function whoMay(
  model: Model,
  entity: EntityModel,
  facts: RecordFacts,
  subjects: readonly Subject[],
  locale: Locale,
): WhoAnswer['items'] {
  const slices = new Map(
    compileAccess(model, [...model.roles.keys()])
      .entity(entity)
      .grants.map((applied) => [`${applied.role}\n${applied.grant}`, sliceOf(model, entity, applied)]),
  );
  return subjects.flatMap((subject) => {
    const rights = compileAccess(model, subject.roles).entity(entity);
    const ask = (action: RecordAction): Question => ({ action, entity, field: null, facts });
    const may = (action: RecordAction): boolean =>
      granted(rights, ask(action), subject) && obstaclesOf(rights, ask(action), subject).length === 0;
    if (!may('query')) return [];
    const reasons = rights.grants.flatMap((applied) =>
      ASKED.flatMap((right) => {
        const set = slices.get(`${applied.role}\n${applied.grant}`)?.rights.rows(right) ?? [];
        const [atom] = set;
        if (!atom || !reaches(set, ask(right), subject)) return [];
        const label = model.roles.get(applied.role)?.label;
        return {
          role: applied.role,
          roleLabel: label ? localise(label, locale) : applied.role,
          grant: applied.grant,
          right,
          scope: atom.scope,
        };
      }),
    );
    return [
      {
        user: { id: subject.id, username: subject.username, display_name: subject.displayName },
        query: true,
        read: may('read'),
        update: may('update'),
        reasons,
      },
    ];
  });
}
