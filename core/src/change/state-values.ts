import type { Fault } from '../errors/problem.ts';
import type { Model } from '../model/model.ts';
import { unknown } from '../model/order-faults.ts';
import { pointer } from '../model/pointer.ts';
import type { Dictionaries } from '../store/dictionaries.ts';

/**
 * States of workflows that are no value of the dictionary of their field: a record could never be in them. A value may
 * stand in a document that is yet to be seeded, or be stored, because somebody added it. Read from the documents alone:
 * machines are compiled when a record needs them, not for every change.
 */
export function stateFaults(model: Model, dictionaries: Pick<Dictionaries, 'value'>): readonly Fault[] {
  const faults = new Map<string, Fault>();
  for (const workflow of model.workflows.values()) {
    const fields = Object.values(workflow.regions).map((region) => region.field);
    const entities = [...model.entities.values()].filter(
      (entity) =>
        workflow.entity === entity.name ||
        (workflow.entity === '*' && fields.every((field) => entity.fields.has(field))),
    );
    for (const [name, region] of Object.entries(workflow.regions)) {
      const at = pointer(pointer('/regions', name), 'states');
      for (const entity of entities) {
        const dictionary = entity.fields.get(region.field)?.def['dictionary'];
        if (typeof dictionary !== 'string') continue;
        const seeded = model.dictionaries.get(dictionary)?.values ?? {};
        for (const state of Object.keys(region.states)) {
          if (Object.hasOwn(seeded, state) || dictionaries.value(dictionary, state)) continue;
          const fault = unknown(
            `workflow/${workflow.name}#${pointer(at, state)}`,
            `${region.field}: ${state}`,
          );
          faults.set(fault.path, fault);
        }
      }
    }
  }
  return [...faults.values()];
}
