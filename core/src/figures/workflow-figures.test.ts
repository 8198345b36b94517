import { beforeAll, expect, it } from 'vitest';
import { openRecords, type RecordsFixture } from '../records/test-records.ts';
import { describeEngines } from '../testing/databases.ts';
import { workflowFigures, type FigureGroup } from './workflow-figures.ts';

const HOUR = 3600;

describeEngines('figures of a process', (open) => {
  let on: RecordsFixture;
  /** Records by the hours that they stood in their first and second state. */
  async function walked(owner: 'wang' | 'li', first: number, back?: number): Promise<string> {
    const made = await on.records.create(on.as(owner), 'thing', { name: `${owner} ${first}` });
    const id = String(made['id']);
    await on.records.transition(on.as('boss'), 'thing', id, 'first_pass');
    if (back !== undefined)
      await on.records.transition(on.as('boss'), 'thing', id, 'send_back', { opinion: 'no' });
    await on.db.query({
      text: `update thing set created_at = '2026-03-02T00:00:00Z' where id = $1::uuid`,
      values: [id],
    });
    await on.db.query({ text: 'alter table mortise.workflow_step disable trigger user' });
    const stand = async (transition: string, hours: number) =>
      await on.db.query({
        text: `update mortise.workflow_step set at = '2026-03-02T00:00:00Z'::timestamptz + $3 * interval '1 hour' where record_id = $1::uuid and transition = $2`,
        values: [id, transition, hours],
      });
    await stand('first_pass', first);
    if (back !== undefined) await stand('send_back', first + back);
    await on.db.query({ text: 'alter table mortise.workflow_step enable trigger user' });
    return id;
  }
  const figures = (
    by: FigureGroup,
    person: 'boss' | 'zhao' = 'boss',
    from = '2026-03-01',
    now = new Date('2027-01-01T00:00:00Z'),
  ) =>
    workflowFigures(
      on.db,
      { ...on.as(person), now },
      {
        entity: 'thing',
        workflow: 'data_review',
        from: new Date(`${from}T00:00:00Z`),
        to: new Date('2026-03-08T00:00:00Z'),
        by,
      },
    );
  let slow: string;

  beforeAll(async () => {
    on = await openRecords(await open());
    await walked('wang', 2);
    slow = await walked('wang', 6, 3);
    await walked('li', 4, 1);
    await on.db.query({
      text: `insert into mortise.rule_run (id, rule, label, trigger, entity, record_id, state, at)
        values (gen_random_uuid(), 'data_review/review/unreviewed/late', '{}', 'deadline', 'thing', $1::uuid, 'done', '2026-03-02T05:00:00Z')`,
      values: [slow],
    });
  });

  it('ENG-19 count steps, mean and longest time, returns and overdue, and name the slowest', async () => {
    const { steps, overdueFrom } = await figures(
      'none',
      'boss',
      '2026-03-01',
      new Date('2026-08-28T00:00:00Z'),
    );
    expect(overdueFrom).toBe('2026-03-02');
    expect(steps).toMatchObject([
      { state: 'unreviewed', steps: 3, mean: 4 * HOUR, longest: 6 * HOUR, returns: 0, overdue: 1 },
      { state: 'first_passed', steps: 2, mean: 2 * HOUR, longest: 3 * HOUR, returns: 2, overdue: 0 },
    ]);
    expect(steps[0]?.slowest[0]).toBe(slow);
  });

  it('ENG-19 do not call a step in time of which it is no longer known', async () => {
    const { steps, overdueFrom } = await figures('none');
    expect(overdueFrom > '2026-03-02').toBe(true);
    expect(steps.map(({ overdue }) => overdue)).toEqual([null, null]);
  });

  it('ENG-19 tell departments and persons apart, in the period that is chosen', async () => {
    const { steps } = await figures('unit');
    expect(steps.filter(({ state }) => state === 'unreviewed')).toMatchObject([
      { groupName: 'Sales', steps: 2, mean: 4 * HOUR },
      { groupName: 'North', steps: 1, mean: 4 * HOUR },
    ]);
    expect((await figures('person')).steps[0]).toMatchObject({ groupName: 'Name of boss', steps: 3 });
    expect((await figures('none', 'boss', '2026-03-07')).steps).toEqual([]);
  });

  it('AUD-04 tell how long what waits now has waited', async () => {
    const { waiting } = await figures('none');
    expect(waiting.map(({ state, records }) => [state, records])).toEqual([['first_passed', 1]]);
    expect(waiting[0]?.longest).toBeGreaterThan(24 * HOUR);
  });

  it('ENG-19 count only what the asker may read, and only for who may see figures', async () => {
    await expect(figures('none', 'zhao')).rejects.toMatchObject({ code: 'MRT_ACCESS_FUNCTION' });
    const reader = on.as('zhao');
    const access = { ...reader.access, mayUse: () => true };
    const { steps, waiting } = await workflowFigures(
      on.db,
      { ...reader, access },
      {
        entity: 'thing',
        workflow: 'data_review',
        from: new Date(0),
        to: new Date(),
        by: 'none',
      },
    );
    expect([steps, waiting]).toEqual([[], []]);
  });
});
