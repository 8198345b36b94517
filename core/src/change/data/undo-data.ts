import { documentKey, type EntityModel, type FieldModel, type Model } from '../../model/model.ts';
import type { Database, Transaction } from '../../store/database.ts';
import { quote } from '../../store/quote.ts';
import { sentence } from '../change-text.ts';
import { countOf, type DataWork, type TouchedField } from './data-work.ts';
import { adoptDefinition, changeState } from './move-rounds.ts';
import { placesOf } from './plan-rounds.ts';
import { restoreColumn } from './rewrite-column.ts';
import { TOUCHED } from './touched-rows.ts';

/** A change set that has rewritten records. */
export interface RewrittenData {
  readonly changeSet: string;
  readonly touches: readonly TouchedField[];
}

/** Gives the records that a change set has rewritten their values back, where nobody has changed them since. */
export async function undoData(
  db: Database,
  model: Model,
  { changeSet, touches }: RewrittenData,
): Promise<DataWork> {
  const rows = await countOf(
    db,
    'select count(*)::int as n from mortise.history where change_set = $1::uuid',
    [changeSet],
  );
  const found = touches.flatMap((touched) => {
    const entity = model.entities.get(touched.entity);
    const field =
      entity && fieldOnceNamed([...entity.fields.values(), ...entity.retiredFields.values()], touched.field);
    return entity && field?.column ? [{ entity, field, name: touched.field }] : [];
  });
  return {
    operation: {
      operation: 'values.restore',
      text: sentence(
        `最多 ${rows} 条记录的值改回原值(其后又改过的除外)`,
        `The values of up to ${rows} record(s) go back to what they were, except where they were changed since`,
      ),
      risk: rows > 0 ? 'rewrites' : 'none',
      sql: [],
      rows,
      lock: 'writers',
    },
    faults: [],
    touches: found.map(({ entity, field }) => ({ entity: entity.name, field: field.name })),
    async run(tx, mark) {
      for (const { entity, field, name } of found) {
        await restoreColumn(tx, entity, field, { changeSet, name }, mark);
        await followStates(tx, model, entity, field);
      }
    },
  };
}

/**
 * Rounds of records whose state went back take the definition that has this state again; what began in the state that
 * they leave is over, and the deadlines of the one they come back to begin anew.
 */
async function followStates(
  tx: Transaction,
  model: Model,
  entity: EntityModel,
  field: FieldModel,
): Promise<void> {
  const places = [...model.workflows.values()].flatMap((workflow) =>
    placesOf(model, workflow, []).filter((place) => place.entity === entity && place.field === field),
  );
  if (places.length === 0) return;
  const back = await tx.query<{ id: string; state: string | null }>({
    text: `select id, changes -> $1::text ->> 'new' as state from ${TOUCHED}`,
    values: [field.name],
  });
  const ids = back.map(({ id }) => id);
  for (const place of places) {
    const { workflow, holds, values } = place;
    const hash = model.documents.get(documentKey('workflow', workflow.name))?.base ?? '';
    await adoptDefinition(tx, model, workflow, hash, { entity: entity.name, ids });
    // A condition that cannot be asked of all records has moved none of them.
    if (workflow.when !== undefined && holds === null) continue;
    const ruled = await tx.query<{ id: string }>({
      text: `select m.id from ${quote(entity.table)} m where m.id = any($${values.length + 1}::uuid[])${holds === null ? '' : ` and m.id in (${holds})`}`,
      values: [...values, ids],
    });
    const held = new Set(ruled.map(({ id }) => id));
    const byState = Map.groupBy(back, ({ state }) => state);
    for (const [state, records] of byState) {
      const moved = records.map(({ id }) => id).filter((id) => held.has(id));
      await changeState(tx, model, place, state ?? place.region.document.initial, moved);
    }
  }
}

function fieldOnceNamed(fields: readonly FieldModel[], name: string): FieldModel | undefined {
  return (
    fields.find((field) => field.name === name) ?? fields.find((field) => field.def.renamedFrom === name)
  );
}
