import type { OnlineStepKind, PlannedStep } from '../change/online-steps/online-step.ts';
import type { Actor } from '../context/context.ts';
import type { Model } from '../model/model.ts';
import {
  PLACED_AT_ONCE,
  placeBatch,
  type PlacedField,
  placedFields,
} from '../records/workflow/place-records.ts';
import { failpoint } from '../store/failpoint.ts';
import type { Dictionaries } from '../store/dictionaries.ts';
import { systemContext } from './create-context.ts';

const KIND = 'place';
const placed = failpoint('step.placed');
const PLATFORM: Actor = { id: '', username: 'mortise', displayName: 'Mortise', unit: null, roles: [] };

interface Cursor {
  readonly after: string | null;
}

function stepOf({ entity, field }: PlacedField): PlannedStep {
  return {
    kind: KIND,
    subject: `${entity.name}.${field.name}`,
    label: {
      'zh-CN': `为已有记录确定状态“${entity.label['zh-CN']}.${field.label['zh-CN']}”`,
      en: `Find the state “${entity.label.en}.${field.label.en}” of older records`,
    },
    payload: { entity: entity.name, field: field.name },
  };
}

function plan(previous: Model | null, next: Model): readonly PlannedStep[] {
  // A new installation has no records yet.
  if (previous === null && next.version === 1) return [];
  const before = previous === null ? new Map<string, PlacedField>() : placedFields(previous);
  return [...placedFields(next)]
    .filter(([key, { mark }]) => before.get(key)?.mark !== mark)
    .map(([, field]) => stepOf(field));
}

/**
 * The states of records that are older than their workflow (`initialFrom`): piece by piece, while others write. What
 * has a state is left alone, so that doing it again changes nothing (ENG-10, NF-EXT-03).
 */
export function placeKind(dictionaries: () => Dictionaries): OnlineStepKind {
  return {
    kind: KIND,
    plan,
    async advance({ step, db, model }) {
      const field = placedFields(model).get(step.subject);
      // A later change has taken the field away, and with it the wish.
      if (!field) return { finished: true, cursor: step.cursor, done: step.done, total: step.total };
      const after = (step.cursor as Cursor | null)?.after ?? null;
      const context = systemContext(model, PLATFORM, 'upgrade');
      const ids = await db.transaction((tx) => placeBatch(tx, context, dictionaries(), field, after), {
        patient: true,
      });
      placed();
      return {
        finished: ids.length < PLACED_AT_ONCE,
        cursor: { after: ids.at(-1) ?? after } satisfies Cursor,
        done: step.done + ids.length,
        total: null,
      };
    },
  };
}
