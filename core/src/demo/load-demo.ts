import type { Context } from '../context/context.ts';
import { problem } from '../errors/catalogue.ts';
import type { DemoScope, DemoScript } from '../plugin/api.ts';
import type { RecordsEngine } from '../records/create-records.ts';
import type { Database, Transaction } from '../store/database.ts';
import type { Dictionaries } from '../store/dictionaries.ts';
import { dateInZone } from '../records/today.ts';
import { failpoint } from '../store/failpoint.ts';
import { aloneWithDemo } from './demo-lock.ts';
import { countDemo, isDemoComplete, noteComplete } from './demo-state.ts';
import { seededRandom } from './random.ts';
import { removeMarked } from './remove-demo.ts';

export interface DemoServices {
  readonly db: Database;
  readonly records: RecordsEngine;
  readonly dictionaries: Dictionaries;
  setPassword(user: string, password: string): Promise<void>;
}

const reached = {
  batch: failpoint('demo.batch-written'),
  batches: failpoint('demo.all-written'),
  complete: failpoint('demo.completed'),
};
const SEED = 20261122;
const BATCH = 500;

/**
 * Runs the sample-data scripts, the base's first, in the given context (an administrator's; source `demo`). Every
 * record passes the gate and is marked, so that `removeDemo` finds it. Refuses to run twice; what a load that broke
 * off has left is removed first.
 * @returns how many records were made
 * @throws MRT_RECORD_STATE when there is sample data already or somebody else is loading it, MRT_RECORD_REFERENCED
 * when own records refer to what a broken load has left
 */
export async function loadDemo(
  services: DemoServices,
  context: Context,
  scripts: readonly DemoScript[],
): Promise<number> {
  const { db } = services;
  return aloneWithDemo(db, context, async () => {
    if (await isDemoComplete(db)) {
      throw problem('MRT_RECORD_STATE', {
        reason: context.locale === 'en' ? 'there is sample data already' : '示例数据已存在',
      });
    }
    if ((await countDemo(db)) > 0) await removeMarked(db, context);
    const made = await runScripts(services, context, scripts);
    reached.batches();
    await noteComplete(db, made);
    reached.complete();
    return made;
  });
}

async function runScripts(
  services: DemoServices,
  context: Context,
  scripts: readonly DemoScript[],
): Promise<number> {
  const { db, records, dictionaries } = services;
  let made = 0;
  const scope: DemoScope = {
    random: seededRandom(SEED),
    today: dateInZone(context.now, context.timeZone),
    values: (dictionary) => dictionaries.values(dictionary).filter((value) => value.active),
    list: (entity, request) => records.list(context, entity, request),
    setPassword: (user, password) => services.setPassword(user, password),
    async create(entity, inputs) {
      const created: { id: string; version: number }[] = [];
      for (let at = 0; at < inputs.length; at += BATCH) {
        await db.transaction(async (tx) => {
          const made = await records.createMany(context, entity, inputs.slice(at, at + BATCH), {}, tx);
          for (const { id, version } of made) created.push({ id: String(id), version: Number(version) });
          await mark(
            tx,
            entity,
            made.map(({ id }) => String(id)),
          );
          reached.batch();
        });
      }
      made += created.length;
      return created;
    },
    async update(entity, changes) {
      for (let at = 0; at < changes.length; at += BATCH) {
        await db.transaction(async (tx) => {
          for (const { id, version, patch } of changes.slice(at, at + BATCH)) {
            await records.update(context, entity, id, version, patch, {}, tx);
          }
        });
      }
    },
  };
  for (const script of scripts) await script(scope);
  return made;
}

async function mark(tx: Transaction, entity: string, ids: readonly string[]): Promise<void> {
  await tx.query({
    text: 'insert into mortise.sample_mark (entity, id) select $1, unnest($2::uuid[]) on conflict do nothing',
    values: [entity, [...ids]],
  });
}
