import type { Random } from '../../plugin/api.ts';
import type {
  ApprovalPartDocument,
  RegionDocument,
  TransitionDocument,
  WhoDocument,
  WorkflowDocument,
} from '../../model/workflow-document.ts';
import { label } from '../../testing/sample-documents.ts';

/** What the conditions of random machines look at. */
export interface Numbers {
  readonly a: number | null;
  readonly b: number | null;
}
export type NumberName = keyof Numbers;
export const NUMBERS: readonly NumberName[] = ['a', 'b'];

/** An expression of the product beside a function of the reference that means the same. */
interface Told<T> {
  readonly text: string;
  readonly of: (numbers: Numbers) => T;
}
type Condition = Told<boolean>;
type Calculation = Told<number | null>;

/** Who may act: at most one demand each, so that the reference stays naive. */
export type RandomWho =
  | { readonly is: 'role'; readonly role: string }
  | { readonly is: 'lead' | 'second' }
  | { readonly is: 'unit'; readonly how: 'same' | 'below' }
  | { readonly is: 'stepBy' | 'approverOf'; readonly transition: string };

export interface RandomPart {
  readonly name: string;
  readonly who: readonly RandomWho[];
  readonly need: 'any' | 'all' | number;
  readonly when: Condition | null;
}

export interface RandomTransition {
  readonly name: string;
  readonly from: readonly string[];
  readonly to: string;
  readonly onChange: boolean;
  readonly watch: readonly NumberName[];
  readonly guard: Condition | null;
  readonly form: readonly NumberName[];
  readonly required: readonly NumberName[];
  readonly sets: readonly {
    readonly field: NumberName;
    readonly to: Calculation;
    readonly when: Condition | null;
  }[];
  readonly who: readonly RandomWho[];
  readonly notAuthor: boolean;
  readonly apartFrom: readonly string[];
  readonly parallel: boolean;
  readonly parts: readonly RandomPart[];
}

export interface RandomRegion {
  readonly name: string;
  readonly field: string;
  readonly states: readonly string[];
  readonly finals: ReadonlySet<string>;
  readonly transitions: readonly RandomTransition[];
}

export interface RandomMachine {
  readonly name: string;
  readonly regions: readonly RandomRegion[];
}

/** Ordering with null is false, equality is null-safe (DESIGN §3). */
const above = (x: number | null, y: number | null): boolean => x !== null && y !== null && x > y;

function condition(random: Random): Condition {
  const field = random.pick(NUMBERS);
  const n = random.int(0, 3);
  const leaf = random.pick<Condition>([
    { text: `${field} > ${n}`, of: (at) => above(at[field], n) },
    { text: `${field} < ${n}`, of: (at) => above(n, at[field]) },
    { text: `${field} == ${n}`, of: (at) => at[field] === n },
    { text: `${field} != ${n}`, of: (at) => at[field] !== n },
    { text: `${field} == null`, of: (at) => at[field] === null },
    { text: 'a == b', of: ({ a, b }) => a === b },
    { text: 'a > b', of: ({ a, b }) => above(a, b) },
  ]);
  if (random.chance(0.75)) return leaf;
  const other = condition(random);
  return random.chance(0.5)
    ? { text: `(${leaf.text}) && (${other.text})`, of: (at) => leaf.of(at) && other.of(at) }
    : { text: `(${leaf.text}) || (${other.text})`, of: (at) => leaf.of(at) || other.of(at) };
}

function calculation(random: Random): Calculation {
  const field = random.pick(NUMBERS);
  const n = random.int(0, 3);
  return random.pick<Calculation>([
    { text: `${n}`, of: () => n },
    { text: 'null', of: () => null },
    { text: field, of: (at) => at[field] },
    { text: `${field} + 1`, of: (at) => (at[field] === null ? null : at[field] + 1) },
  ]);
}

const some = <T>(random: Random, list: readonly T[], chance: number): readonly T[] =>
  list.filter(() => random.chance(chance));
const maybe = <T>(random: Random, chance: number, make: () => T): T | null =>
  random.chance(chance) ? make() : null;

function who(random: Random): RandomWho {
  return random.pick<RandomWho>([
    { is: 'role', role: 'employee' },
    { is: 'role', role: 'reader' },
    { is: 'lead' },
    { is: 'second' },
    { is: 'unit', how: 'same' },
    { is: 'unit', how: 'below' },
  ]);
}

function part(random: Random, index: number): RandomPart {
  const alternatives = Array.from({ length: random.int(1, 2) }, () => who(random));
  return {
    name: `p${index}`,
    who: alternatives,
    need: random.pick(['any', 'any', 'all', 2]),
    when: maybe(random, 0.3, () => condition(random)),
  };
}

/** @param others names of all transitions of the machine */
function transition(
  random: Random,
  name: string,
  states: readonly string[],
  open: readonly string[],
  others: readonly string[],
): RandomTransition {
  const onChange = random.chance(0.2);
  const from = some(random, open, 0.5);
  const asked = !onChange && random.chance(0.4);
  const demanded = (): RandomWho =>
    random.chance(0.25)
      ? { is: random.pick(['stepBy', 'approverOf'] as const), transition: random.pick(others) }
      : who(random);
  return {
    name,
    from: from.length > 0 ? from : [random.pick(open)],
    to: random.pick(states),
    onChange,
    watch: onChange ? some(random, NUMBERS, 0.4) : [],
    guard: maybe(random, 0.35, () => condition(random)),
    form: onChange ? [] : some(random, NUMBERS, 0.35),
    required: some(random, NUMBERS, 0.1),
    sets: Array.from({ length: random.pick([0, 0, 1, 2]) }, () => ({
      field: random.pick(NUMBERS),
      to: calculation(random),
      when: maybe(random, 0.3, () => condition(random)),
    })),
    who: !onChange && random.chance(0.3) ? Array.from({ length: random.int(1, 2) }, demanded) : [],
    notAuthor: !onChange && random.chance(0.15),
    apartFrom: onChange ? [] : some(random, others, 0.06),
    parallel: random.chance(0.5),
    parts: asked ? Array.from({ length: random.int(1, 3) }, (_, index) => part(random, index)) : [],
  };
}

/** A machine of one to three regions; nothing leads out of a final state, as in the reference. */
export function randomMachine(random: Random, name: string): RandomMachine {
  const shape = Array.from({ length: random.pick([1, 1, 2, 3]) }, (_, region) => ({
    region,
    states: Array.from({ length: random.int(2, 5) }, (_each, index) => `x${index}`),
    names: Array.from({ length: random.int(2, 6) }, (_each, index) => `${name}_r${region}_t${index}`),
  }));
  const others = shape.flatMap(({ names }) => names);
  const regions = shape.map(({ region, states, names }): RandomRegion => {
    const finals = new Set(some(random, states.slice(1), 0.3));
    const open = states.filter((state) => !finals.has(state));
    return {
      name: `r${region}`,
      field: `s${region}`,
      states,
      finals,
      transitions: names.map((each) => transition(random, each, states, open, others)),
    };
  });
  return { name, regions };
}

const names = (list: readonly string[]): Readonly<Record<string, true>> =>
  Object.fromEntries(list.map((each) => [each, true]));

function whoDocument(each: RandomWho): WhoDocument {
  switch (each.is) {
    case 'role':
      return { roles: { [each.role]: true } };
    case 'lead':
    case 'second':
      return { field: each.is };
    case 'unit':
      return { unit: each.how };
    case 'stepBy':
      return { stepBy: { [each.transition]: true } };
    case 'approverOf':
      return { approverOf: each.transition };
  }
}
const whoDocuments = (list: readonly RandomWho[]): Readonly<Record<string, WhoDocument>> =>
  Object.fromEntries(list.map((each, index) => [`w${index}`, whoDocument(each)]));

function partDocument({ name, who: alternatives, need, when }: RandomPart): ApprovalPartDocument {
  return {
    label: label(name),
    who: whoDocuments(alternatives),
    need,
    ...(when ? { when: when.text } : {}),
  };
}

function transitionDocument(of: RandomTransition): TransitionDocument {
  const { guard, sets, parts } = of;
  return {
    label: label(of.name),
    from: names(of.from),
    to: of.to,
    ...(of.onChange ? { on: 'change' } : { opinion: 'optional' }),
    ...(of.watch.length > 0 ? { watch: names(of.watch) } : {}),
    ...(guard ? { guards: { g: { when: guard.text, message: label('No') } } } : {}),
    ...(of.form.length > 0 ? { fields: names(of.form) } : {}),
    ...(of.required.length > 0 ? { required: names(of.required) } : {}),
    ...(of.who.length > 0 ? { who: whoDocuments(of.who) } : {}),
    fourEyes: { author: of.notAuthor, transitions: names(of.apartFrom) },
    ...(parts.length > 0
      ? {
          approvals: {
            order: of.parallel ? 'parallel' : 'sequence',
            parts: Object.fromEntries(parts.map((each) => [each.name, partDocument(each)])),
          },
        }
      : {}),
    actions: Object.fromEntries(
      sets.map(({ field, to, when }, index) => [
        `set${index}`,
        { action: 'set', values: { [field]: to.text }, ...(when ? { when: when.text } : {}) },
      ]),
    ),
  };
}

/** The machine as the product's document: it holds for the records of `entity` whose `kind` is its name. */
export function documentOf({ name, regions }: RandomMachine, entity: string): WorkflowDocument {
  const regionDocument = (region: RandomRegion): RegionDocument => ({
    label: label(region.name),
    field: region.field,
    initial: region.states[0]!,
    states: Object.fromEntries(
      region.states.map((state) => [
        state,
        { label: label(state), ...(region.finals.has(state) ? { final: true } : {}) },
      ]),
    ),
    transitions: Object.fromEntries(region.transitions.map((each) => [each.name, transitionDocument(each)])),
  });
  return {
    name,
    label: label(name),
    entity,
    when: `kind == '${name}'`,
    regions: Object.fromEntries(regions.map((region) => [region.name, regionDocument(region)])),
  };
}
