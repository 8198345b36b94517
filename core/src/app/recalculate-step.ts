import type { OnlineStepKind, PlannedStep } from '../change/online-steps/online-step.ts';
import type { Actor } from '../context/context.ts';
import { readersOf } from '../model/derived/readers-of.ts';
import type { FieldModel, Model } from '../model/model.ts';
import { BATCH, calculatedFields, recalculateBatch } from '../records/derived/recalculate.ts';
import { failpoint } from '../store/failpoint.ts';
import type { Dictionaries } from '../store/dictionaries.ts';
import { systemContext } from './create-context.ts';

const KIND = 'calculate';
const calculated = failpoint('step.calculated');
const PLATFORM: Actor = { id: '', username: 'mortise', displayName: 'Mortise', unit: null, roles: [] };

interface Cursor {
  readonly after: string | null;
}

/** The step that calculates a field anew in all records. */
export function stepOf(model: Model, field: FieldModel): PlannedStep {
  const of = model.entities.get(field.entity)!.label;
  return {
    kind: KIND,
    subject: `${field.entity}.${field.name}`,
    label: {
      'zh-CN': `重新计算“${of['zh-CN']}.${field.label['zh-CN']}”`,
      en: `Calculate “${of.en}.${field.label.en}” anew`,
    },
    payload: { entity: field.entity, field: field.name },
  };
}

/**
 * Calculated fields that are new, whose formula is another one, or that read values which the change rewrites. All of them
 * when what was before is not known.
 */
function plan(previous: Model | null, next: Model, rewritten: ReadonlySet<string>): readonly PlannedStep[] {
  // A new installation has no records yet.
  if (previous === null && next.version === 1) return [];
  const before = previous === null ? new Map<string, { mark: string }>() : calculatedFields(previous);
  const following = readersOf(next, rewritten);
  return [...calculatedFields(next)]
    .filter(([key, { mark }]) => before.get(key)?.mark !== mark || following.has(key))
    .map(([, { field }]) => stepOf(next, field));
}

/**
 * Values of a formula or roll-up that a change has made or altered, for the records that are there already: piece by
 * piece, while others write (ENG-05, DESIGN §4).
 */
export function recalculateKind(dictionaries: () => Dictionaries): OnlineStepKind {
  return {
    kind: KIND,
    plan,
    async advance({ step, db, model }) {
      const field = calculatedFields(model).get(step.subject)?.field;
      const entity = model.entities.get(field?.entity ?? '');
      // A later change has taken the field away, and with it the wish.
      if (!field || !entity)
        return { finished: true, cursor: step.cursor, done: step.done, total: step.total };
      const total = step.total ?? (await countRows(db, entity.table));
      const after = (step.cursor as Cursor | null)?.after ?? null;
      const context = systemContext(model, PLATFORM, 'rule');
      const ids = await db.transaction((tx) => recalculateBatch(tx, context, dictionaries(), field, after), {
        patient: true,
      });
      calculated();
      const done = step.done + ids.length;
      return {
        finished: ids.length < BATCH,
        cursor: { after: ids.at(-1) ?? after } satisfies Cursor,
        done,
        total: Math.max(total, done),
      };
    },
  };
}

async function countRows(db: Parameters<OnlineStepKind['advance']>[0]['db'], table: string): Promise<number> {
  const [row] = await db.query<{ n: number }>({ text: `select count(*)::float8 as n from "${table}"` });
  return row?.n ?? 0;
}
