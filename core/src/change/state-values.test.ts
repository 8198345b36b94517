import { expect, it } from 'vitest';
import type { Actor } from '../context/context.ts';
import { Problem } from '../errors/problem.ts';
import type { DocumentChange } from '../http/contract.ts';
import { uuid7 } from '../store/uuid7.ts';
import { describeEngines } from '../testing/databases.ts';
import { label, sampleLayer } from '../testing/sample-documents.ts';
import { startChanges } from './start-changes.ts';

const actor: Actor = { id: uuid7(), username: 'admin', displayName: 'Admin', unit: null, roles: [] };

/** A dictionary of stages; in the site layer its values are rows. */
function stages(...codes: readonly string[]): DocumentChange {
  const values = Object.fromEntries(codes.map((code) => [code, { label: label(code) }]));
  return { kind: 'dictionary', name: 'stage', document: { name: 'stage', label: label('Stage'), values } };
}

function flow(...states: readonly string[]): DocumentChange {
  const document = {
    name: 'visits',
    label: label('Visits'),
    entity: 'thing',
    regions: {
      main: {
        label: label('Main'),
        field: 'stage',
        initial: 'open',
        states: Object.fromEntries(states.map((state) => [state, { label: label(state) }])),
        transitions: { finish: { label: label('Finish'), from: { open: true }, to: states.at(-1) } },
      },
    },
  };
  return { kind: 'workflow', name: 'visits', document };
}

describeEngines('states over the values of a dictionary', (open) => {
  it('ENG-10 may be values that the same change adds, and those that somebody added before', async () => {
    const changes = await startChanges({ db: await open(), layers: { base: sampleLayer(), plugins: [] } });
    const thing = changes.document('entity', 'thing').document as { properties: object };
    const stage = { field: 'choice', label: label('Stage'), dictionary: 'stage' };
    const properties = { ...thing.properties, stage };
    const entity: DocumentChange = { kind: 'entity', name: 'thing', document: { ...thing, properties } };
    await changes.apply(actor, { changes: [stages('open', 'done'), entity, flow('open', 'done')], note: '' });

    const faults = await changes
      .apply(actor, { changes: [flow('open', 'checked', 'done')], note: '' })
      .catch((error: unknown) => (error instanceof Problem ? error.faults : error));
    expect(faults).toMatchObject([
      { path: 'workflow/visits#/regions/main/states/checked', code: 'MRT_DOC_REFERENCE' },
    ]);
    await changes.apply(actor, { changes: [stages('open', 'checked', 'done')], note: '' });
    await changes.apply(actor, { changes: [flow('open', 'checked', 'done')], note: '' });
    expect(Object.keys(changes.current().workflows.get('visits')?.regions['main']?.states ?? {})).toEqual([
      'open',
      'checked',
      'done',
    ]);

    // A value that is a state cannot be taken away.
    const gone = changes.apply(actor, { changes: [stages('open', 'done')], note: '' });
    await expect(gone).rejects.toMatchObject({ code: 'MRT_PLAN_REFUSED' });
    await changes.stop();
  });
});
