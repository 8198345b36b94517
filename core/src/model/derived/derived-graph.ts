import type { EntityModel, Model } from '../model.ts';
import { derivedNodes, LIVENESS, readKeys, type DerivedNode, type RollupNode } from './derived-node.ts';

/** Derived fields of one entity that are brought up to date together. */
export interface Stage {
  readonly entity: EntityModel;
  /** In this order, each after those of its own record that it reads. */
  readonly steps: readonly (readonly DerivedNode[])[];
  /** Rows are locked one by one; without it the whole component is, by its `lock`. */
  readonly locksRows: boolean;
}

/** Derived fields that are connected with one another, and with no others. */
interface Component {
  readonly stages: readonly Stage[];
  /** Number of the lock that writers take in turn, or null when they need not: see {@link derivedGraph}. */
  readonly lock: number | null;
}

/** What a write of an entity must tell, because derived fields read it. */
interface Interest {
  readonly fields: ReadonlySet<string>;
  /** Reference fields by which parents have roll-ups: their old and new records are touched. */
  readonly parents: ReadonlySet<string>;
  readonly locks: ReadonlySet<number>;
}

/** Which derived fields follow which others, and in what order they are brought up to date. */
export interface DerivedGraph {
  readonly nodes: ReadonlyMap<string, DerivedNode>;
  readonly stages: readonly Stage[];
  readonly interests: ReadonlyMap<string, Interest>;
  /** Entities with roll-ups over their derived fields. */
  readonly rolledUp: ReadonlySet<string>;
}

const GRAPHS = new WeakMap<Model, DerivedGraph>();

/**
 * The dependency graph of a model, made once. Two kinds of components:
 *
 * - Only roll-ups upwards (and formulas over them within the record). Writers lock the derived rows they touch, in the
 *   order of the stages and of the ids; nobody can wait in a circle, and writers below different parents go side by side.
 * - Formulas that read down over a reference, or entities that roll one another up. A record may come below a parent
 *   while that parent changes, so rows cannot be locked before they are known: writers take turns by one lock.
 */
export function derivedGraph(model: Model): DerivedGraph {
  let graph = GRAPHS.get(model);
  if (!graph) GRAPHS.set(model, (graph = compile(model)));
  return graph;
}

function compile(model: Model): DerivedGraph {
  const nodes = new Map(derivedNodes(model).map((node) => [node.key, node]));
  const components = connected([...nodes.values()]).map((members, index) =>
    componentOf(members, nodes, index + 1),
  );
  const rollups = [...nodes.values()].filter((node) => node.kind === 'rollup');
  return {
    nodes,
    stages: components.flatMap(({ stages }) => stages),
    interests: interestsOf(model, components),
    rolledUp: new Set(rollups.filter(({ reads }) => reads.derived.size > 0).map(({ child }) => child.name)),
  };
}

/** Entities whose derived rows a node writes or reads. */
function touches(node: DerivedNode): string[] {
  return [node.entity.name, ...readKeys(node).map((key) => key.slice(0, key.indexOf('.')))];
}

function connected(nodes: readonly DerivedNode[]): DerivedNode[][] {
  let groups: { readonly entities: Set<string>; readonly nodes: DerivedNode[] }[] = [];
  for (const node of nodes) {
    const joined = { entities: new Set(touches(node)), nodes: [node] };
    const apart = groups.filter((group) => {
      if (![...group.entities].some((name) => joined.entities.has(name))) return true;
      for (const name of group.entities) joined.entities.add(name);
      joined.nodes.unshift(...group.nodes);
      return false;
    });
    groups = [...apart, joined];
  }
  return groups.map((group) => group.nodes);
}

/** Length of the longest chain of derived fields below each node. Circles were refused when the document was saved. */
function levelsOf(
  members: readonly DerivedNode[],
  nodes: ReadonlyMap<string, DerivedNode>,
): ReadonlyMap<DerivedNode, number> {
  const levels = new Map<DerivedNode, number>();
  const levelOf = (node: DerivedNode): number => {
    let level = levels.get(node);
    if (level === undefined) {
      levels.set(node, 0);
      level = Math.max(0, ...readKeys(node).map((key) => levelOf(nodes.get(key)!) + 1));
      levels.set(node, level);
    }
    return level;
  };
  for (const node of members) levelOf(node);
  return levels;
}

function grouped<K, V>(values: readonly V[], key: (value: V) => K): Map<K, V[]> {
  const groups = new Map<K, V[]>();
  for (const value of values) {
    const group = groups.get(key(value)) ?? [];
    groups.set(key(value), group);
    group.push(value);
  }
  return groups;
}

function componentOf(
  members: readonly DerivedNode[],
  nodes: ReadonlyMap<string, DerivedNode>,
  number: number,
): Component {
  const levels = levelsOf(members, nodes);
  const byLevel = [...grouped(members, (node) => levels.get(node)!)].sort(([a], [b]) => a - b);
  const order = upwards(members);
  if (order !== null) {
    const stages = order.flatMap((entity): Stage[] => {
      const steps = byLevel
        .map(([, all]) => all.filter((node) => node.entity.name === entity))
        .filter((step) => step.length > 0);
      return steps[0]?.[0] ? [{ entity: steps[0][0].entity, steps, locksRows: true }] : [];
    });
    return { stages, lock: null };
  }
  const stages = byLevel.flatMap(([, all]) =>
    [...grouped(all, (node) => node.entity)].map(([entity, step]): Stage => ({
      entity,
      steps: [step],
      locksRows: false,
    })),
  );
  return { stages, lock: number };
}

/** The entities from the lowest to the highest when all nodes only roll up and no entity stands above itself. */
function upwards(members: readonly DerivedNode[]): string[] | null {
  if (members.some((node) => node.kind === 'compute' && node.over.length > 0)) return null;
  const rollups = members.filter((node): node is RollupNode => node.kind === 'rollup');
  const below = grouped(rollups, (node) => node.entity.name);
  const order = new Set<string>();
  const open = new Set<string>();
  const visit = (entity: string): boolean => {
    if (order.has(entity)) return true;
    if (open.has(entity)) return false;
    open.add(entity);
    const all = (below.get(entity) ?? []).every((node) => visit(node.child.name));
    order.add(entity);
    return all;
  };
  return members.every((node) => visit(node.entity.name)) ? [...order] : null;
}

function interestsOf(model: Model, components: readonly Component[]): ReadonlyMap<string, Interest> {
  const found = new Map<
    string,
    { readonly fields: Set<string>; readonly parents: Set<string>; readonly locks: Set<number> }
  >();
  for (const { stages, lock } of components) {
    const at = (entity: string) => {
      const interest = found.get(entity) ?? { fields: new Set(), parents: new Set(), locks: new Set() };
      found.set(entity, interest);
      if (lock !== null) interest.locks.add(lock);
      return interest;
    };
    for (const node of stages.flatMap(({ steps }) => steps.flat())) {
      const own = at(node.entity.name);
      if (node.kind === 'compute') {
        for (const name of node.own.written) own.fields.add(name);
        for (const { target, reads } of node.over) {
          const other = at(target.name);
          for (const name of reads.written) other.fields.add(name);
        }
        continue;
      }
      const child = at(node.child.name);
      for (const name of node.reads.written) child.fields.add(name);
      child.parents.add(node.by.name);
      const upper = upperOf(model, node);
      if (upper) for (const name of LIVENESS) at(upper.name).fields.add(name);
    }
  }
  return found;
}

/**
 * For a roll-up of lines by another reference than their parent's (what was sold of a product): the entity of the
 * lines' parent, with which they go to the recycle bin and become void.
 */
export function upperOf(model: Model, { child, by }: RollupNode): EntityModel | null {
  if (!child.parent || child.parent.field === by.name) return null;
  return model.entities.get(child.parent.entity) ?? null;
}
