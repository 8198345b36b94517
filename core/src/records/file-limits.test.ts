import { beforeAll, expect, it } from 'vitest';
import type { Problem } from '../errors/problem.ts';
import type { EntityDocument, FieldDocument } from '../model/documents.ts';
import { describeEngines } from '../testing/databases.ts';
import { label } from '../testing/sample-documents.ts';
import { uuid7 } from '../store/uuid7.ts';
import { openRecords, type RecordsFixture } from './test-records.ts';

const MEGABYTE = 1024 * 1024;

const field = (type: string, more: object = {}): FieldDocument => ({
  field: type,
  label: label(type),
  ...more,
});

const folder: EntityDocument = {
  name: 'folder',
  label: label('Folder'),
  display: 'title',
  ownership: 'user',
  properties: {
    title: field('text', { required: true }),
    contracts: field('files', { maxSize: 2, accept: '.pdf, DOCX' }),
    photos: field('images', { maxSize: 1 }),
    anything: field('files'),
    sheets: field('lines', { entity: 'folder_sheet', by: 'folder' }),
  },
};

const sheet: EntityDocument = {
  name: 'folder_sheet',
  label: label('Sheet'),
  display: 'title',
  ownership: 'parent',
  parent: 'folder',
  properties: {
    folder: field('reference', { entity: 'folder', required: true }),
    title: field('text', { required: true }),
    scans: field('files', { accept: '.pdf' }),
  },
};

const LAYER = {
  name: 'site',
  documents: [folder, sheet].map((document) => ({
    kind: 'entity' as const,
    name: document.name,
    document,
    file: `${document.name}.json`,
  })),
};

describeEngines('limits of attachments', (open) => {
  let on: RecordsFixture;
  beforeAll(async () => {
    on = await openRecords(await open(), [LAYER]);
  });

  const file = async (name: string, size: number): Promise<string> => {
    const id = uuid7();
    await on.db.query({
      text: `insert into mortise.file (id, name, type, size, sha256, path, created_by) values ($1, $2, 'application/pdf', $3, 'x', 'x', $4)`,
      values: [id, name, size, on.people.boss.id],
    });
    return id;
  };
  const faultsOf = async (run: Promise<unknown>) =>
    await run.then(
      () => [],
      (error: Problem) => error.faults.map((fault) => [fault.path, fault.code]),
    );
  const create = (input: object) => on.records.create(on.as('boss'), 'folder', { title: 'A', ...input });

  it('ENG-03 takes files up to maxSize and of the accepted extensions, in any case', async () => {
    const contracts = [await file('合同.PDF', 2 * MEGABYTE), await file('a.b.docx', 1)];
    const photos = [await file('photo.png', MEGABYTE)];
    const anything = [await file('setup.exe', 20 * MEGABYTE), await file('none', 1)];
    expect(await create({ contracts, photos, anything })).toMatchObject({ contracts, photos, anything });
  });

  it('ENG-03 refuses larger ones and other extensions at the file, in the record and in its lines', async () => {
    const pdf = await file('a.pdf', 1);
    const large = await file('b.pdf', 2 * MEGABYTE + 1);
    const other = await file('pdf', 1);
    const both = await file('c.exe', 3 * MEGABYTE);
    expect(await faultsOf(create({ contracts: [pdf, large, other, both] }))).toEqual([
      ['/contracts/1', 'MRT_VALUE_FILE_SIZE'],
      ['/contracts/2', 'MRT_VALUE_FILE_TYPE'],
      ['/contracts/3', 'MRT_VALUE_FILE_SIZE'],
      ['/contracts/3', 'MRT_VALUE_FILE_TYPE'],
    ]);
    expect(await faultsOf(create({ photos: [large] }))).toEqual([['/photos/0', 'MRT_VALUE_FILE_SIZE']]);
    expect(await faultsOf(create({ sheets: [{ title: 'S', scans: [pdf, other] }] }))).toEqual([
      ['/sheets/0/scans/1', 'MRT_VALUE_FILE_TYPE'],
    ]);
    expect(
      await faultsOf(
        on.records.createMany(on.as('boss'), 'folder', [{ title: 'B' }, { title: 'C', photos: [large] }]),
      ),
    ).toEqual([['/items/1/photos/0', 'MRT_VALUE_FILE_SIZE']]);
  });

  it('ENG-03 looks at newly attached files only', async () => {
    const made = await create({});
    const old = await file('old.exe', 9 * MEGABYTE);
    const update = (version: number, contracts: readonly string[]) =>
      on.records.update(on.as('boss'), 'folder', String(made['id']), version, { contracts });
    expect(await faultsOf(update(1, [old]))).toEqual([
      ['/contracts/0', 'MRT_VALUE_FILE_SIZE'],
      ['/contracts/0', 'MRT_VALUE_FILE_TYPE'],
    ]);
    // Attached before the field had its limits.
    await on.db.query({
      text: 'update folder set contracts = array[$2::uuid] where id = $1',
      values: [made['id'], old],
    });
    const added = await file('new.pdf', 1);
    expect(await update(1, [old, added])).toMatchObject({ contracts: [old, added] });
  });
});
