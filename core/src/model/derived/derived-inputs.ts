import type { EntityModel, FieldModel, Model } from '../model.ts';
import { derivedNodes, readKeys, type DerivedNode } from './derived-node.ts';

/** Something that a reader must be able to see in every record: an entity's rows, and a field of them. */
export interface DerivedInput {
  readonly entity: EntityModel;
  /** Null: the rows alone (a count). */
  readonly field: FieldModel | null;
}

const INPUTS = new WeakMap<Model, ReadonlyMap<string, readonly DerivedInput[]>>();

/**
 * What a reader must see wholly before he sees a derived field: the records and fields behind the roll-ups it is made
 * of, but for those that say `readAs: system` (DESIGN §5). Empty for a field that all who may read it see.
 */
export function derivedInputs(model: Model, field: FieldModel): readonly DerivedInput[] {
  let inputs = INPUTS.get(model);
  if (!inputs) INPUTS.set(model, (inputs = compile(model)));
  return inputs.get(`${field.entity}.${field.name}`) ?? [];
}

function compile(model: Model): ReadonlyMap<string, readonly DerivedInput[]> {
  const nodes = new Map(derivedNodes(model).map((node) => [node.key, node]));
  const found = new Map<string, readonly DerivedInput[]>();
  const visit = (node: DerivedNode): readonly DerivedInput[] => {
    const known = found.get(node.key);
    if (known) return known;
    const isOpen = node.kind === 'rollup' && node.rollup.readAs === 'system';
    const all = isOpen
      ? []
      : [...ownInputs(node), ...readKeys(node).flatMap((key) => visit(nodes.get(key)!))];
    found.set(node.key, all);
    return all;
  };
  for (const node of nodes.values()) visit(node);
  return found;
}

function ownInputs(node: DerivedNode): DerivedInput[] {
  if (node.kind === 'compute') return [];
  const { child, by, rollup, where } = node;
  const names = new Set([by.name, rollup.field, ...(where?.reads ?? [])]);
  const fields = [...names].flatMap((name) => child.fields.get(name ?? '') ?? []);
  return [null, ...fields].map((field) => ({ entity: child, field }));
}
