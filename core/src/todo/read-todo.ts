import type { Context } from '../context/context.ts';
import type { Records } from '../records/records.ts';
import { expectedSteps } from '../records/workflow/waiting-sql.ts';
import type { LocaleText } from '../text/locale.ts';
import type { StateDocument } from '../model/workflow-document.ts';
import type { Machine } from '../workflow/machine.ts';
import { machinesOf } from '../workflow/machines-of.ts';

/** Records of one entity in one state that wait for a person. */
export interface TodoGroup {
  readonly entity: string;
  readonly label: LocaleText;
  readonly workflow: string;
  /** Field that holds the state, and the state. */
  readonly field: string;
  readonly state: string;
  readonly stateLabel: LocaleText;
  readonly help: LocaleText | null;
  readonly kind: string | null;
  readonly count: number;
  /** The colleague for whom it waits, where one stands in for him, and until which date. */
  readonly absent?: { readonly id: string; readonly name: string; readonly until: string };
}

/** GET /api/v1/me/todo */
export interface TodoAnswer {
  readonly groups: readonly TodoGroup[];
  readonly total: number;
}

interface WaitingState {
  readonly workflow: string;
  readonly document: StateDocument;
}

/**
 * State field → state that a step is expected from → what it is called. Of several machines over one field each may
 * have states of its own; a state that they share is called as the first of them does, so that each record counts once.
 */
function waitingByField(
  machines: readonly Machine[],
): ReadonlyMap<string, ReadonlyMap<string, WaitingState>> {
  const fields = new Map<string, Map<string, WaitingState>>();
  for (const machine of machines) {
    for (const region of machine.regions) {
      for (const state of expectedSteps(machine, region).flatMap(({ from }) => from)) {
        const document = region.document.states[state];
        if (!document) continue;
        const states = fields.get(region.field.name) ?? new Map<string, WaitingState>();
        fields.set(region.field.name, states);
        if (!states.has(state)) states.set(state, { workflow: machine.document.name, document });
      }
    }
  }
  return fields;
}

/** Everything that waits for a person, over all workflows: counted through his gate, one statement a state field. */
export async function readTodo(context: Context, records: Records): Promise<TodoAnswer> {
  const { model, access } = context;
  const groups: TodoGroup[] = [];
  for (const entity of model.entities.values()) {
    const rights = access.compiled.entity(entity);
    if (rights.rows('transition').length === 0 || rights.visible.length === 0) continue;
    for (const [name, waiting] of waitingByField(machinesOf(model, entity))) {
      if (rights.field(entity.fields.get(name)!).read.length === 0) continue;
      const rows = await records.aggregate(context, entity.name, {
        groupBy: [name],
        measures: { n: { fn: 'count' } },
        filter: { $waiting: name },
      });
      for (const row of rows) {
        const state = String(row[name]);
        const found = waiting.get(state);
        if (!found || Number(row['n']) === 0) continue;
        groups.push({
          entity: entity.name,
          label: entity.label,
          workflow: found.workflow,
          field: name,
          state,
          stateLabel: found.document.label,
          help: found.document.help ?? null,
          kind: found.document.kind ?? null,
          count: Number(row['n']),
        });
      }
    }
  }
  return { groups, total: groups.reduce((sum, { count }) => sum + count, 0) };
}
