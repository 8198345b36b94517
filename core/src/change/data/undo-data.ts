import { documentKey, type EntityModel, type FieldModel, type Model } from '../../model/model.ts';
import type { Database, Transaction } from '../../store/database.ts';
import { sentence } from '../change-text.ts';
import { countOf, type DataWork, type TouchedField } from './data-work.ts';
import { adoptDefinition } from './move-rounds.ts';
import { restoreColumn } from './rewrite-column.ts';

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
        await followStates(tx, model, entity, field, changeSet);
      }
    },
  };
}

/** Rounds of records whose state went back take the definition that has this state again. */
async function followStates(
  tx: Transaction,
  model: Model,
  entity: EntityModel,
  field: FieldModel,
  changeSet: string,
): Promise<void> {
  for (const workflow of model.workflows.values()) {
    const isRuled = workflow.entity === entity.name || workflow.entity === '*';
    if (!isRuled || !Object.values(workflow.regions).some((region) => region.field === field.name)) continue;
    const rows = await tx.query<{ id: string }>({
      text: 'select distinct record_id as id from mortise.history where change_set = $1::uuid and entity = $2',
      values: [changeSet, entity.name],
    });
    const hash = model.documents.get(documentKey('workflow', workflow.name))?.base ?? '';
    const ids = rows.map(({ id }) => id);
    await adoptDefinition(tx, model, workflow, hash, { entity: entity.name, ids });
  }
}

function fieldOnceNamed(fields: readonly FieldModel[], name: string): FieldModel | undefined {
  return (
    fields.find((field) => field.name === name) ?? fields.find((field) => field.def.renamedFrom === name)
  );
}
