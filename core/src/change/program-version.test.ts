import { expect, it } from 'vitest';
import type { Problem } from '../errors/problem.ts';
import type { Database } from '../store/database.ts';
import { describeEngines } from '../testing/databases.ts';
import { sampleLayer } from '../testing/sample-documents.ts';
import { startChanges } from './start-changes.ts';

describeEngines('the version of the program', (open) => {
  /** Starts as that version, whose documents name the entity `thing` so. */
  async function start(db: Database, program: string, title: string): Promise<number> {
    const base = sampleLayer();
    const documents = base.documents.map((each) =>
      each.kind === 'entity' && each.name === 'thing'
        ? { ...each, document: { ...each.document, label: { 'zh-CN': title, en: title } } }
        : each,
    );
    const changes = await startChanges({
      db,
      program,
      layers: { base: { ...base, documents }, plugins: [] },
    });
    const { version } = changes.current();
    await changes.stop();
    return version;
  }
  const refusal = async (started: Promise<unknown>): Promise<Problem> =>
    await started.then(
      () => Promise.reject(new Error('it started')),
      (error: Problem) => error,
    );

  it('refuses an older program than has started, and leaves the model as the newer one made it', async () => {
    const db = await open();
    const first = await start(db, '0.9.0', 'nine');
    const second = await start(db, '0.10.0', 'ten');
    expect(second).toBeGreaterThan(first);
    const stored = () => db.query({ text: 'select version, model_hash, file_hash from mortise.version' });
    const before = await stored();
    const refused = await refusal(start(db, '0.9.0', 'nine'));
    expect(refused.code).toBe('MRT_STORE_NEWER');
    expect(refused.message).toContain('0.10.0');
    expect(await stored()).toEqual(before);
    expect(await start(db, '0.10.0', 'ten')).toBe(second);
    expect((await refusal(start(db, '0.10.0-rc.1', 'ten'))).code).toBe('MRT_STORE_NEWER');
    expect(await start(db, '1.0.0', 'ten')).toBe(second);
  });

  it('does not lock the old program out when the new one failed to bring the database up to date', async () => {
    const db = await open();
    const version = await start(db, '1.0.0', 'one');
    const base = sampleLayer();
    const documents = base.documents.filter((each) => each.kind !== 'entity' || each.name !== 'user');
    const failed = startChanges({
      db,
      program: '2.0.0',
      layers: { base: { ...base, documents }, plugins: [] },
    });
    expect((await refusal(failed)).code).not.toBe('MRT_STORE_NEWER');
    expect(await start(db, '1.0.0', 'one')).toBe(version);
  });
});
