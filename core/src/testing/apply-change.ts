/**
 * Child process of the crash test: opens the database given (a URL or a folder), applies one change that touches a
 * table, the overlays, a dictionary and the log, and dies where `MORTISE_FAILPOINT` says.
 */
import { startChanges } from '../change/start-changes.ts';
import type { DocumentChange } from '../http/contract.ts';
import { openPglite } from '../store/open-pglite.ts';
import { openPostgres } from '../store/open-postgres.ts';
import { label, sampleLayer } from './sample-documents.ts';

const target = process.argv[2] ?? '';
const db = target.startsWith('postgres')
  ? await openPostgres(target, { max: 2 })
  : await openPglite({ dataDir: target });
const changes = await startChanges({ db, layers: { base: sampleLayer(), plugins: [] } });
const visit = changes.document('entity', 'visit').document;
const tag = changes.document('dictionary', 'tag').document;
const wishes: DocumentChange[] = [
  {
    kind: 'entity',
    name: 'visit',
    document: {
      ...visit,
      properties: {
        ...(visit['properties'] as object),
        crash: { field: 'text', label: label('C'), maxLength: 9, index: true },
      },
    },
  },
  {
    kind: 'dictionary',
    name: 'tag',
    document: { ...tag, values: { ...(tag['values'] as object), crash: { label: label('C') } } },
  },
];
const actor = {
  id: '019ab3c2-7f5e-7000-9d2f-3b6c1f0a5e44',
  username: 'a',
  displayName: 'A',
  unit: null,
  roles: [],
};
await changes.apply(actor, { changes: wishes, note: '' });
await changes.stop();
await db.close();
