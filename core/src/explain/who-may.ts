import { compileAccess } from '../access/compile-access.ts';
import type { RecordAction } from '../model/documents.ts';
import type { EntityModel, Model } from '../model/model.ts';
import type { Locale } from '../text/locale.ts';
import { explainAccess } from './explain-access.ts';
import type { WhoAnswer } from './explanation.ts';
import { granted, obstaclesOf, type Question, type Subject } from './judge.ts';
import type { RecordFacts } from './record-facts.ts';

const ASKED: readonly RecordAction[] = ['query', 'read', 'update'];

/** Which of the users may know of a record, read or change it, and by what. */
export function whoMay(
  model: Model,
  entity: EntityModel,
  facts: RecordFacts,
  subjects: readonly Subject[],
  locale: Locale,
): WhoAnswer['items'] {
  return subjects.flatMap((subject) => {
    const rights = compileAccess(model, subject.roles, subject.personal, subject.circumstances).entity(
      entity,
    );
    const ask = (action: RecordAction): Question => ({ action, entity, field: null, facts });
    const may = (action: RecordAction): boolean =>
      granted(rights, ask(action), subject) && obstaclesOf(rights, ask(action), subject).length === 0;
    if (!may('query')) return [];
    const reasons = ASKED.flatMap((right) =>
      explainAccess(model, subject, ask(right), locale).reasons.filter(
        (reason) => reason.right === right && reason.holds,
      ),
    );
    return [
      {
        user: { id: subject.id, username: subject.username, display_name: subject.displayName },
        query: true,
        read: may('read'),
        update: may('update'),
        reasons: reasons.map(({ role, roleLabel, grant, right, scope, groups, personal, when }) => ({
          role,
          roleLabel,
          grant: grant ?? '',
          right,
          scope,
          ...(groups ? { groups } : {}),
          ...(personal ? { personal } : {}),
          ...(when === undefined ? {} : { when }),
        })),
      },
    ];
  });
}
