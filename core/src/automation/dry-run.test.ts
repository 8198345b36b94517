import { beforeAll, expect, it } from 'vitest';
import type { AutomationRuleDocument } from '../model/rule-document.ts';
import type { Database } from '../store/database.ts';
import { describeEngines } from '../testing/databases.ts';
import { label } from '../testing/sample-documents.ts';
import { dryRun } from './dry-run.ts';
import { openAutomation, type AutomationFixture } from './test-automation.ts';

describeEngines('SEC-05 a dry run tells nothing that its asker may not read', (open) => {
  let db: Database;
  let on: AutomationFixture;
  const ids: Record<string, string> = {};
  beforeAll(async () => {
    db = await open();
    on = await openAutomation(db, {});
    for (const person of ['wang', 'li'] as const) {
      const made = await on.records.create(on.system, 'thing', {
        name: `Of ${person}`,
        secret: 'rich',
        owner: on.people[person].id,
        unit: on.people[person].unit,
        amount: '20000.00',
        phone: '13800138000',
        end_on: new Date(Date.now() - 86_400_000).toISOString().slice(0, 10),
      });
      ids[person] = String(made['id']);
    }
    await on.records.create(on.system, 'visit', {
      subject: 'Both',
      thing: ids['li'],
      owner: on.people.wang.id,
    });
  });

  const ask = async (
    person: 'boss' | 'wang',
    rule: Partial<AutomationRuleDocument>,
    roles?: readonly string[],
  ) =>
    await dryRun(
      { db, dictionaries: on.automation.clockOptions.dictionaries },
      { ...on.as(person, roles), now: new Date(Date.now() + 1000) },
      {
        name: 'asked',
        label: label('Asked'),
        entity: 'thing',
        trigger: { on: 'create' },
        actions: { mark: { action: 'set', values: { note: "'x'" } } },
        ...rule,
      },
      7,
    );

  it('of a field that he may read in some records only', async () => {
    // wang may read the record of li, who is below him, but the secret of his own alone.
    expect(await ask('wang', {})).toMatchObject({ looked: 2, fired: 2 });
    for (const rule of [
      { when: "secret == 'rich'" },
      { trigger: { on: 'change', create: true, becomes: "secret == 'rich'" } as const },
      { trigger: { on: 'change', create: true, fields: { secret: true } } as const },
      { actions: { mark: { action: 'set', when: "secret == 'rich'", values: { note: "'x'" } } } as const },
      { actions: { mark: { action: 'set', values: { note: 'secret' } } } as const },
      { actions: { mark: { action: 'set', values: { count: "secret == 'rich' ? 5000 : 1" } } } as const },
    ]) {
      const answer = await ask('wang', rule);
      expect(answer, JSON.stringify(rule)).toMatchObject({ looked: 1 });
      expect(answer.items.map(({ record }) => record)).toEqual([ids['wang']]);
    }
    expect(await ask('boss', { when: "secret == 'rich'" })).toMatchObject({ looked: 2, fired: 2 });
  });

  it('of a record behind a reference', async () => {
    const rule = (when: string) => ({
      entity: 'visit',
      when,
      actions: { mark: { action: 'set', values: { subject: "'x'" } } } as const,
    });
    expect(await ask('wang', rule("thing.name == 'Of li'"))).toMatchObject({ looked: 1, fired: 1 });
    expect(await ask('wang', rule("thing.secret == 'rich'"))).toMatchObject({
      looked: 0,
      fired: 0,
      items: [],
    });
    expect(await ask('boss', rule("thing.secret == 'rich'"))).toMatchObject({ looked: 1, fired: 1 });
  });

  it('of a masked or hidden field', async () => {
    const asReader = async (rule: Partial<AutomationRuleDocument>) => await ask('wang', rule, ['reader']);
    const due = {
      trigger: { on: 'date', field: 'end_on', at: '00:00' },
      roles: { administrator: true },
    } as const;
    for (const rule of [{ when: "grade == 'b'" }, due])
      expect(await asReader(rule)).toMatchObject({ looked: 1, fired: 1 });
    for (const when of ['amount > 10000', "phone == '13800138000'"])
      expect(await asReader({ when })).toMatchObject({ looked: 0, fired: 0, items: [] });
  });
});
