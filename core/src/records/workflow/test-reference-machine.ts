import {
  assign,
  createMachine,
  transition as next,
  type AnyMachineSnapshot,
  type AnyStateMachine,
} from 'xstate';
import type {
  Numbers,
  NumberName,
  RandomMachine,
  RandomPart,
  RandomRegion,
  RandomTransition,
  RandomWho,
} from './test-random-machine.ts';

/** Somebody who acts on the record. */
export interface Person {
  readonly id: string;
  readonly roles: readonly string[];
  readonly unit: string;
  readonly units: readonly string[];
}

/** The record as far as people are looked for in it. */
export interface Subject {
  readonly author: string;
  readonly unit: string;
  readonly lead: string;
  readonly second: string;
}

export interface Taken {
  readonly region: string;
  readonly transition: string;
  readonly from: string;
  readonly to: string;
  readonly by: string;
  /** Of one approval of several: for which part, as which alternatives. */
  readonly vote: { readonly part: string; readonly as: readonly string[] } | null;
}

/** `state`, `person`: refused before the form is looked at; `record`: because of what the record holds. */
type Answer = 'done' | 'state' | 'person' | 'record';
type Patch = Partial<Numbers>;
interface Event {
  readonly type: string;
  readonly changed?: ReadonlySet<string>;
}
const CHANGE = '$change';

/** XState keeps states, guards, actions, regions and ends; who may act, and approvals, are counted by hand. */
export class ReferenceMachine {
  readonly #machine: RandomMachine;
  readonly #chart: AnyStateMachine;
  #snapshot: AnyMachineSnapshot;
  subject: Subject;
  /** All that was ever taken. */
  readonly log: Taken[] = [];
  /** Of the running round. */
  #round: Taken[] = [];
  /** Approvals since the region came where it is. */
  readonly #votes = new Map<string, Taken[]>();

  constructor(machine: RandomMachine, numbers: Numbers, subject: Subject) {
    this.#machine = machine;
    this.#chart = chartOf(machine);
    this.subject = subject;
    const value = Object.fromEntries(machine.regions.map(({ name, states }) => [name, states[0]!]));
    this.#snapshot = this.#chart.resolveState({ value, context: numbers });
  }

  get numbers(): Numbers {
    return this.#snapshot.context as Numbers;
  }

  state(region: string): string {
    return (this.#snapshot.value as Record<string, string>)[region]!;
  }

  /** Has every region ended? */
  get isDone(): boolean {
    return this.#snapshot.status === 'done';
  }

  /** Has a round begun that is not closed? */
  get isRunning(): boolean {
    return this.#round.length > 0;
  }

  /** What is asked for where it stands, for a walk that comes somewhere. */
  possible(): readonly RandomTransition[] {
    return this.#all()
      .filter(({ of, region }) => !of.onChange && of.from.includes(this.state(region.name)))
      .map(({ of }) => of);
  }

  #all(): readonly { readonly of: RandomTransition; readonly region: RandomRegion }[] {
    return this.#machine.regions.flatMap((region) => region.transitions.map((of) => ({ of, region })));
  }

  #with(patch: Patch): AnyMachineSnapshot {
    const { value } = this.#snapshot;
    return this.#chart.resolveState({ value, context: { ...this.numbers, ...patch } });
  }

  /** Somebody asks for a transition. */
  request(name: string, by: Person, input: Patch): Answer {
    const { of, region } = this.#all().find((each) => each.of.name === name)!;
    if (!of.from.includes(this.state(region.name))) return 'state';
    if (of.onChange || !this.#mayAsk(of, region, by)) return 'person';
    const stood = this.#with(input);
    if (!stood.can({ type: name })) return 'record';
    const before = this.#snapshot;
    const was = this.state(region.name);
    this.#snapshot = stood;
    const open = this.#open(of, region);
    if (open.length > 0) {
      const vote = this.#voteOf(of, region, by);
      if (vote === null) {
        this.#snapshot = before;
        return 'record';
      }
      const given: Taken = { region: region.name, transition: name, from: was, to: was, by: by.id, vote };
      const votes = [...this.#votesOf(of, region), given];
      if (this.#open(of, region, votes).length > 0) {
        this.#votes.set(region.name, [...(this.#votes.get(region.name) ?? []), given]);
        this.#note([given]);
        return 'done';
      }
    }
    this.#move({ type: name }, by);
    return 'done';
  }

  /** Somebody changes the record past its transitions. */
  change(patch: Patch, subject: Partial<Subject>, by: Person): void {
    const changed = new Set<string>([
      ...Object.entries(patch).flatMap(([field, to]) =>
        this.numbers[field as NumberName] === to ? [] : [field],
      ),
      ...Object.entries(subject).flatMap(([field, to]) =>
        this.subject[field as keyof Subject] === to ? [] : [field],
      ),
    ]);
    this.#snapshot = this.#with(patch);
    this.subject = { ...this.subject, ...subject };
    if (changed.size > 0) this.#move({ type: CHANGE, changed }, by);
  }

  /** Lets XState move, and notes the steps: they are those whose guards held before. */
  #move(event: Event, by: Person): void {
    const before = this.#snapshot;
    const steps = this.#machine.regions.flatMap((region): readonly Taken[] => {
      const from = this.state(region.name);
      const of = region.transitions.find((each) => isEnabled(each, from, event, before.context as Numbers));
      return of ? [{ region: region.name, transition: of.name, from, to: of.to, by: by.id, vote: null }] : [];
    });
    [this.#snapshot] = next(this.#chart, before, event);
    for (const { region } of steps) this.#votes.delete(region);
    if (steps.length > 0) this.#note(steps);
  }

  #note(steps: readonly Taken[]): void {
    this.log.push(...steps);
    this.#round.push(...steps);
    const isBack = this.#machine.regions.every(({ name, states }) => this.state(name) === states[0]);
    if (isBack && [...this.#votes.values()].every((votes) => votes.length === 0)) this.#round = [];
  }

  #mayAsk(of: RandomTransition, region: RandomRegion, by: Person): boolean {
    if (of.who.length > 0 && !of.who.some((who) => this.#is(who, region, by))) return false;
    const applying = of.parts.filter((part) => this.#applies(part));
    if (applying.length > 0 && this.#voteOf(of, region, by) === null) return false;
    if (of.notAuthor && by.id === this.subject.author) return false;
    return !this.#round.some((step) => of.apartFrom.includes(step.transition) && step.by === by.id);
  }

  #is(who: RandomWho, region: RandomRegion, by: Person): boolean {
    switch (who.is) {
      case 'role':
        return by.roles.includes(who.role);
      case 'lead':
      case 'second':
        return this.subject[who.is] === by.id;
      case 'unit':
        return who.how === 'same' ? by.unit === this.subject.unit : by.units.includes(this.subject.unit);
      case 'stepBy': {
        const last = this.#round.findLast((step) => step.region === region.name);
        return last?.by === by.id && last.transition === who.transition;
      }
      case 'approverOf': {
        const found = this.#all().find(({ of }) => of.name === who.transition)!;
        return this.#voteOf(found.of, found.region, by) !== null;
      }
    }
  }

  #applies({ when }: RandomPart): boolean {
    return when === null || when.of(this.numbers);
  }

  #votesOf(of: RandomTransition, region: RandomRegion): readonly Taken[] {
    return (this.#votes.get(region.name) ?? []).filter(({ transition }) => transition === of.name);
  }

  /** Parts that still lack approvals, as far as they are asked for now. */
  #open(
    of: RandomTransition,
    region: RandomRegion,
    votes = this.#votesOf(of, region),
  ): readonly RandomPart[] {
    const left = of.parts.filter((part) => {
      if (!this.#applies(part)) return false;
      const own = votes.filter(({ vote }) => vote?.part === part.name);
      if (part.need === 'any') return own.length === 0;
      if (part.need === 'all')
        return part.who.some((_who, index) => !own.some(({ vote }) => vote?.as.includes(`w${index}`)));
      return new Set(own.map(({ by }) => by)).size < part.need;
    });
    return of.parallel ? left : left.slice(0, 1);
  }

  #voteOf(of: RandomTransition, region: RandomRegion, by: Person): Taken['vote'] {
    for (const part of this.#open(of, region)) {
      const votes = this.#votesOf(of, region);
      if (votes.some(({ vote, by: who }) => vote?.part === part.name && who === by.id)) continue;
      const as = part.who.flatMap((who, index) => (this.#is(who, region, by) ? [`w${index}`] : []));
      if (as.length > 0) return { part: part.name, as };
    }
    return null;
  }
}

function holds({ guard, required }: RandomTransition, numbers: Numbers): boolean {
  return (guard === null || guard.of(numbers)) && required.every((field) => numbers[field] !== null);
}

function isTouched({ watch }: RandomTransition, { changed }: Event): boolean {
  return watch.length === 0 || watch.some((field) => changed?.has(field) === true);
}

function isEnabled(of: RandomTransition, from: string, event: Event, numbers: Numbers): boolean {
  if (!of.from.includes(from) || !holds(of, numbers)) return false;
  return of.onChange ? event.type === CHANGE && isTouched(of, event) : event.type === of.name;
}

/** The same machine in XState's words. */
function chartOf({ name, regions }: RandomMachine): AnyStateMachine {
  const move = (of: RandomTransition): object => ({
    target: of.to,
    guard: ({ context, event }: { context: Numbers; event: Event }) =>
      holds(of, context) && (!of.onChange || isTouched(of, event)),
    actions: of.sets.map(({ field, to, when }) =>
      assign(({ context }: { context: Numbers }) =>
        when === null || when.of(context) ? { [field]: to.of(context) } : {},
      ),
    ),
  });
  const stateOf = (region: RandomRegion, state: string): object => {
    if (region.finals.has(state)) return { type: 'final' };
    const leading = region.transitions.filter(({ from }) => from.includes(state));
    return {
      on: {
        ...Object.fromEntries(leading.filter((of) => !of.onChange).map((of) => [of.name, move(of)])),
        [CHANGE]: leading.filter((of) => of.onChange).map(move),
      },
    };
  };
  return createMachine({
    id: name,
    type: 'parallel',
    states: Object.fromEntries(
      regions.map((region) => [
        region.name,
        {
          initial: region.states[0],
          states: Object.fromEntries(region.states.map((state) => [state, stateOf(region, state)])),
        },
      ]),
    ),
  } as Parameters<typeof createMachine>[0]);
}
