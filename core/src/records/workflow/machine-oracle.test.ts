import { beforeAll, expect, it } from 'vitest';
import { seededRandom } from '../../demo/random.ts';
import { Problem } from '../../errors/problem.ts';
import type { EntityDocument } from '../../model/documents.ts';
import type { Layer } from '../../model/layer.ts';
import type { Random } from '../../plugin/api.ts';
import { describeEngines } from '../../testing/databases.ts';
import { label } from '../../testing/sample-documents.ts';
import { openRecords, type RecordsFixture } from '../test-records.ts';
import {
  documentOf,
  NUMBERS,
  randomMachine,
  type Numbers,
  type RandomMachine,
} from './test-random-machine.ts';
import { ReferenceMachine, type Person } from './test-reference-machine.ts';

/*
 * Random workflows and random people who walk through them, against XState and approvals counted by hand (ENG-10).
 * `MORTISE_TEST_SEED=n` repeats a run.
 */

const SEED = Number(process.env['MORTISE_TEST_SEED'] ?? Date.now() % 1_000_000_000);
const MACHINES = 20;
const STEPS = 30;
/** However slow the machine is. */
const LIMIT_MS = 8000;

const reference = { field: 'reference', entity: 'user', label: label('User') };
const walk: EntityDocument = {
  name: 'walk',
  label: label('Walk'),
  display: 'name',
  ownership: 'user',
  reviews: false,
  properties: {
    name: { field: 'text', label: label('Name'), required: true, maxLength: 50 },
    kind: { field: 'text', label: label('Kind'), maxLength: 20 },
    a: { field: 'integer', label: label('A') },
    b: { field: 'integer', label: label('B') },
    lead: reference,
    second: reference,
    ...Object.fromEntries(
      [0, 1, 2].map((n) => [`s${n}`, { field: 'text', label: label(`S${n}`), maxLength: 9 }]),
    ),
  },
};

const random = seededRandom(SEED);
const machines = Array.from({ length: MACHINES }, (_, index) => randomMachine(random, `m${index}`));
const layer: Layer = {
  name: 'plugin:walk',
  documents: [
    { kind: 'entity', name: walk.name, document: walk, file: 'walk.json' },
    ...machines.map((machine) => ({
      kind: 'workflow' as const,
      name: machine.name,
      document: documentOf(machine, 'walk'),
      file: `${machine.name}.json`,
    })),
  ],
};

const CODES = {
  state: 'MRT_TRANSITION_STATE',
  person: 'MRT_TRANSITION_DENIED',
  record: 'MRT_RECORD_INVALID',
};
const PEOPLE = ['boss', 'wang', 'li', 'zhao'] as const;
type Name = (typeof PEOPLE)[number];
const number = (of: Random): number | null => of.pick([null, 0, 1, 2, 3, 4]);

describeEngines(`random workflows, seed ${SEED}`, (open) => {
  let on: RecordsFixture;
  beforeAll(async () => void (on = await openRecords(await open(), [layer])));

  const rolesOf = (name: Name): readonly string[] => [
    ...new Set(['administrator', ...on.people[name].roles]),
  ];
  const context = (name: Name) => on.as(name, rolesOf(name));
  const personOf = (name: Name): Person => {
    const { id, unit } = on.people[name];
    return { id, unit, roles: rolesOf(name), units: context(name).access.parameters.units };
  };

  /** One record that walks through a machine; every answer is compared. @returns steps that moved it */
  async function walkThrough(machine: RandomMachine, seed: number, until: number): Promise<number> {
    const draw = seededRandom(seed);
    const user = (): string => on.people[draw.pick(PEOPLE)].id;
    const author = draw.pick(PEOPLE);
    const numbers: Numbers = { a: number(draw), b: number(draw) };
    const people = { lead: user(), second: user() };
    const made = await on.records.create(context(author), 'walk', {
      name: machine.name,
      kind: machine.name,
      ...numbers,
      ...people,
    });
    const id = String(made['id']);
    const subject = { author: on.people[author].id, unit: on.people[author].unit, ...people };
    const wanted = new ReferenceMachine(machine, numbers, subject);
    const told: string[] = [];
    const expected = (): object => ({
      ...Object.fromEntries(machine.regions.map(({ name, field }) => [field, wanted.state(name)])),
      ...wanted.numbers,
    });
    const shown = (record: Readonly<Record<string, unknown>>): object =>
      Object.fromEntries(Object.keys(expected()).map((field) => [field, record[field]]));
    let version = 1;

    for (let step = 0; step < STEPS && performance.now() < until; step += 1) {
      const actor = draw.pick(PEOPLE);
      if (draw.chance(0.2)) {
        const patch = Object.fromEntries(
          NUMBERS.filter(() => draw.chance(0.5)).map((field) => [field, number(draw)]),
        );
        const moved = draw.chance(0.3) ? { lead: user() } : {};
        told.push(`${actor} changes ${JSON.stringify({ ...patch, ...moved })}`);
        wanted.change(patch, moved, personOf(actor));
        const record = await on.records.update(context(actor), 'walk', id, version, { ...patch, ...moved });
        version = Number(record['version']);
        expect(shown(record), told.join('\n')).toEqual(expected());
        continue;
      }
      const possible = wanted.possible();
      const of =
        possible.length > 0 && draw.chance(0.85)
          ? draw.pick(possible)
          : draw.pick(draw.pick(machine.regions).transitions);
      const input = Object.fromEntries(
        of.form.filter(() => draw.chance(0.7)).map((field) => [field, number(draw)]),
      );
      const answer = wanted.request(of.name, personOf(actor), input);
      told.push(`${actor} asks ${of.name} ${JSON.stringify(input)}: ${answer}`);
      const got = await on.records
        .transition(context(actor), 'walk', id, of.name, { input })
        .catch((error: unknown) => {
          if (error instanceof Problem) return error;
          throw error;
        });
      if (got instanceof Problem) {
        expect(got.code, `${told.join('\n')}\n${JSON.stringify(got.faults)}`).toBe(
          answer === 'done' ? 'done' : CODES[answer],
        );
        continue;
      }
      version = Number(got['version']);
      expect({ answer, ...shown(got) }, told.join('\n')).toEqual({ answer: 'done', ...expected() });
    }
    const log = await on.db.query({
      text: `select region, transition, from_state as "from", to_state as "to", "by", vote from mortise.workflow_step
        where record_id = $1::uuid order by version, id`,
      values: [id],
    });
    expect(log, told.join('\n')).toEqual(wanted.log);
    const rounds = await on.db.query({
      text: `select ended_at is not null as ended from mortise.workflow_instance where record_id = $1::uuid and closed_at is null`,
      values: [id],
    });
    expect(rounds, told.join('\n')).toEqual(wanted.isRunning ? [{ ended: wanted.isDone }] : []);
    return wanted.log.length;
  }

  it('ENG-10 move as XState does, and ask for approvals as counted by hand', async () => {
    const until = performance.now() + LIMIT_MS;
    const draw = seededRandom(SEED + 1);
    let steps = 0;
    let walked = 0;
    while (walked < MACHINES && performance.now() < until) {
      steps += await walkThrough(machines[walked]!, draw.int(0, 1e9), until);
      walked += 1;
    }
    expect(walked).toBeGreaterThan(2);
    expect(steps).toBeGreaterThan(walked);
  });
});
