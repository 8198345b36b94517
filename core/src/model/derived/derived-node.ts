import { checkExpression, parseExpression, type CheckedExpression } from '../../expression/index.ts';
import type { RollupDocument } from '../documents.ts';
import type { EntityModel, FieldModel, Model } from '../model.ts';
import { pathType } from './path-type.ts';

/** Fields of one entity that a derived field reads: those a write changes, and derived ones, which follow by themselves. */
export interface Reads {
  readonly written: ReadonlySet<string>;
  readonly derived: ReadonlySet<string>;
}

interface NodeBase {
  /** `customer.total`. */
  readonly key: string;
  readonly entity: EntityModel;
  readonly field: FieldModel;
}

/** A roll-up over the records whose reference `by` points here. */
export interface RollupNode extends NodeBase {
  readonly kind: 'rollup';
  readonly rollup: RollupDocument;
  readonly child: EntityModel;
  readonly by: FieldModel;
  readonly where: CheckedExpression | null;
  readonly reads: Reads;
}

/** A computed field that reads over references or reads derived fields. */
export interface ComputeNode extends NodeBase {
  readonly kind: 'compute';
  readonly expression: CheckedExpression;
  readonly own: Reads;
  readonly over: readonly { readonly by: FieldModel; readonly target: EntityModel; readonly reads: Reads }[];
}

/** One derived field with all it reads. */
export type DerivedNode = RollupNode | ComputeNode;

/** `entity.field`, the key of a node. */
export function nodeKey(entity: string, field: string): string {
  return `${entity}.${field}`;
}

/** Fields that decide whether a record counts: those in the recycle bin and void ones do not. */
export const LIVENESS: readonly string[] = ['deleted_at', 'is_void'];

function readsOf(entity: EntityModel, names: Iterable<string>): Reads {
  const written = new Set<string>();
  const derived = new Set<string>();
  for (const name of names) (entity.fields.get(name)?.derived === true ? derived : written).add(name);
  return { written, derived };
}

function rollupNode(model: Model, entity: EntityModel, field: FieldModel): RollupNode {
  const rollup = field.def.rollup!;
  const child = model.entities.get(rollup.entity)!;
  const where =
    rollup.where === undefined
      ? null
      : checkExpression(parseExpression(rollup.where), { field: (path) => pathType(model, child, path) });
  const names = [rollup.by, ...LIVENESS.filter((name) => child.fields.has(name)), ...(where?.reads ?? [])];
  if (rollup.field !== undefined) names.push(rollup.field);
  return {
    kind: 'rollup',
    key: nodeKey(entity.name, field.name),
    entity,
    field,
    rollup,
    child,
    by: child.fields.get(rollup.by)!,
    where,
    reads: readsOf(child, names),
  };
}

function computeNode(model: Model, entity: EntityModel, field: FieldModel): ComputeNode {
  const expression = checkExpression(parseExpression(String(field.def.compute)), {
    field: (path) => pathType(model, entity, path),
  });
  const own = new Set<string>();
  const over = new Map<string, Set<string>>();
  for (const read of expression.reads) {
    const [first = '', second] = read.split('.');
    own.add(first);
    if (second !== undefined) over.set(first, (over.get(first) ?? new Set()).add(second));
  }
  return {
    kind: 'compute',
    key: nodeKey(entity.name, field.name),
    entity,
    field,
    expression,
    own: readsOf(entity, own),
    over: [...over].map(([name, names]) => {
      const by = entity.fields.get(name)!;
      const target = model.entities.get(String(by.def['entity']))!;
      return { by, target, reads: readsOf(target, names) };
    }),
  };
}

/** Every derived field of a model. The model's documents were checked, so what they name is there. */
export function derivedNodes(model: Model): DerivedNode[] {
  return [...model.entities.values()].flatMap((entity) =>
    [...entity.fields.values()]
      .filter((field) => field.derived)
      .map((field) =>
        field.def.rollup === undefined ? computeNode(model, entity, field) : rollupNode(model, entity, field),
      ),
  );
}

/** Keys of the derived fields that a node reads. */
export function readKeys(node: DerivedNode): string[] {
  const keys = (entity: EntityModel, reads: Reads): string[] =>
    [...reads.derived].map((name) => nodeKey(entity.name, name));
  return node.kind === 'rollup'
    ? keys(node.child, node.reads)
    : [...keys(node.entity, node.own), ...node.over.flatMap(({ target, reads }) => keys(target, reads))];
}
