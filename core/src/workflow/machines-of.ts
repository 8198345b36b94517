import { documentKey, type EntityModel, type Model } from '../model/model.ts';
import { compileMachine, type Machine } from './machine.ts';

const CACHE = new WeakMap<Model, Map<string, readonly Machine[]>>();

/**
 * The machines that can hold for records of an entity, once per model version: those of the entity itself before
 * those for all entities. Of several over the same field the first that applies to a record rules it.
 */
export function machinesOf(model: Model, entity: EntityModel): readonly Machine[] {
  let ofModel = CACHE.get(model);
  if (!ofModel) CACHE.set(model, (ofModel = new Map()));
  let machines = ofModel.get(entity.name);
  if (!machines) ofModel.set(entity.name, (machines = compileAll(model, entity)));
  return machines;
}

function compileAll(model: Model, entity: EntityModel): readonly Machine[] {
  const own = [...model.workflows.values()].filter((workflow) => workflow.entity === entity.name);
  const general = [...model.workflows.values()].filter(
    (workflow) =>
      workflow.entity === '*' &&
      Object.values(workflow.regions).every((region) => entity.fields.has(region.field)),
  );
  return [...own, ...general].map((workflow) =>
    compileMachine(
      model,
      entity,
      workflow,
      model.documents.get(documentKey('workflow', workflow.name))?.base ?? '',
    ),
  );
}

/** Those of the machines that rule a record: the first one that applies to each state field. */
export function rulingMachines(
  machines: readonly Machine[],
  applies: (machine: Machine) => boolean,
): readonly Machine[] {
  const taken = new Set<string>();
  return machines.filter((machine) => {
    const fields = machine.regions.map((region) => region.field.name);
    if (fields.some((field) => taken.has(field)) || !applies(machine)) return false;
    for (const field of fields) taken.add(field);
    return true;
  });
}
