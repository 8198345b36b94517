import { expect, it } from 'vitest';
import { Problem } from '../errors/problem.ts';
import { label, sampleLayer } from '../testing/sample-documents.ts';
import type { AnyDocument } from './documents.ts';
import { compileModel } from './compile-model.ts';
import type { Layer } from './layer.ts';
import { mergeLayers } from './merge-layers.ts';
import type { RegionDocument, TransitionDocument, WorkflowDocument } from './workflow-document.ts';

const finish: TransitionDocument = { label: label('Finish'), from: { b: true }, to: 'a' };
const region = (more: Partial<RegionDocument> = {}): RegionDocument => ({
  label: label('Region'),
  field: 'grade',
  initial: 'b',
  states: { b: { label: label('B') }, a: { label: label('A'), final: true } },
  transitions: { finish },
  ...more,
});
const workflow = (more: Partial<WorkflowDocument> = {}): WorkflowDocument => ({
  name: 'grading',
  label: label('Grading'),
  entity: 'thing',
  regions: { main: region() },
  ...more,
});
const layerOf = (name: string, ...documents: readonly AnyDocument[]): Layer => ({
  name,
  documents: documents.map((document) => ({
    kind: 'workflow',
    name: document.name,
    document,
    file: `${document.name}.json`,
  })),
});
function faultsOf(...layers: readonly Layer[]): readonly (readonly [string, string])[] {
  try {
    const documents = mergeLayers([sampleLayer(), ...layers]);
    compileModel({ documents, version: 1, allocation: {}, plugins: [] });
    return [];
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return error.faults.map((fault) => [fault.path, fault.code]);
  }
}
const withTransition = (more: Partial<TransitionDocument>) =>
  layerOf(
    'site',
    workflow({ regions: { main: region({ transitions: { finish: { ...finish, ...more } } }) } }),
  );
const AT = 'workflow/grading#/regions/main';
const T = `${AT}/transitions/finish`;

it('ENG-10 accepts a machine over a choice', () => {
  expect(faultsOf(layerOf('site', workflow()))).toEqual([]);
});

it.each<[string, Layer, string, string]>([
  [
    'an unknown entity',
    layerOf('site', workflow({ entity: 'ghost' })),
    'workflow/grading#/entity',
    'MRT_DOC_REFERENCE',
  ],
  [
    'an unknown field',
    layerOf('site', workflow({ regions: { main: region({ field: 'ghost' }) } })),
    `${AT}/field`,
    'MRT_DOC_REFERENCE',
  ],
  [
    'a field that holds no state',
    layerOf('site', workflow({ regions: { main: region({ field: 'tags' }) } })),
    `${AT}/field`,
    'MRT_DOC_WORKFLOW_FIELD',
  ],
  [
    'an unknown initial state',
    layerOf('site', workflow({ regions: { main: region({ initial: 'ghost' }) } })),
    `${AT}/initial`,
    'MRT_DOC_REFERENCE',
  ],
  [
    'a state the field cannot hold',
    layerOf(
      'site',
      workflow({ regions: { main: region({ states: { ...region().states, c: { label: label('C') } } }) } }),
    ),
    `${AT}/states/c`,
    'MRT_DOC_REFERENCE',
  ],
  ['an unknown target', withTransition({ to: 'ghost' }), `${T}/to`, 'MRT_DOC_REFERENCE'],
  ['an unknown start', withTransition({ from: { ghost: true } }), `${T}/from/ghost`, 'MRT_DOC_REFERENCE'],
  [
    'an unknown role',
    withTransition({ who: { x: { roles: { ghost: true } } } }),
    `${T}/who/x/roles/ghost`,
    'MRT_DOC_REFERENCE',
  ],
  [
    'a field that holds no user',
    withTransition({ who: { x: { field: 'name' } } }),
    `${T}/who/x/field`,
    'MRT_DOC_REFERENCE',
  ],
  [
    'a department of who is no user',
    withTransition({ who: { x: { unitOf: { field: 'name', within: 'below' } } } }),
    `${T}/who/x/unitOf/field`,
    'MRT_DOC_REFERENCE',
  ],
  [
    'a superior of who is no user',
    withTransition({ guards: { x: { who: { y: { supervisorOf: 'name' } }, message: label('No') } } }),
    `${T}/guards/x/who/y/supervisorOf`,
    'MRT_DOC_REFERENCE',
  ],
  [
    'a guard that asks nothing',
    withTransition({ guards: { x: { message: label('No') } } }),
    `${T}/guards/x`,
    'MRT_DOC_REQUIRED',
  ],
  [
    'a condition of wrong type',
    withTransition({ who: { x: { expr: 'name' } } }),
    `${T}/who/x/expr`,
    'MRT_DOC_EXPRESSION',
  ],
  [
    'four eyes over nothing',
    withTransition({ fourEyes: { transitions: { ghost: true } } }),
    `${T}/fourEyes/transitions/ghost`,
    'MRT_DOC_REFERENCE',
  ],
  [
    'a guard over nothing',
    withTransition({ guards: { g: { when: 'ghost > 1', message: label('g') } } }),
    `${T}/guards/g/when`,
    'MRT_DOC_EXPRESSION',
  ],
  [
    'an unknown form field',
    withTransition({ fields: { ghost: true } }),
    `${T}/fields/ghost`,
    'MRT_DOC_REFERENCE',
  ],
  [
    'the state as a form field',
    withTransition({ fields: { grade: true } }),
    `${T}/fields/grade`,
    'MRT_DOC_WORKFLOW_FIELD',
  ],
  [
    'an action that sets the state',
    withTransition({ actions: { s: { action: 'set', values: { grade: "'a'" } } } }),
    `${T}/actions/s/values/grade`,
    'MRT_DOC_WORKFLOW_FIELD',
  ],
  [
    'an action of wrong type',
    withTransition({ actions: { s: { action: 'set', values: { count: "'x'" } } } }),
    `${T}/actions/s/values/count`,
    'MRT_DOC_EXPRESSION',
  ],
  [
    'a record of nothing',
    withTransition({ actions: { s: { action: 'create', entity: 'ghost', values: {} } } }),
    `${T}/actions/s/entity`,
    'MRT_DOC_REFERENCE',
  ],
])('ENG-10 refuses %s', (_what, layer, path, code) => {
  expect(faultsOf(layer)).toContainEqual([path, code]);
});

it('ENG-10 refuses two transitions of one name that could meet on a record', () => {
  const other = workflow({
    name: 'other',
    regions: { main: region({ field: 'tax_code' }) },
  });
  expect(faultsOf(layerOf('site', workflow(), other))).toEqual([
    ['workflow/other#/regions/main/transitions/finish', 'MRT_DOC_DUPLICATE'],
  ]);
  const alternative = workflow({ name: 'alternative', when: 'count > 1' });
  expect(faultsOf(layerOf('site', workflow(), alternative))).toEqual([]);
});

it('ENG-07 lets a site change who acts and add steps, not take away where records stand', () => {
  const shipped = layerOf('plugin:x', workflow());
  const over = (regions: unknown): Layer =>
    layerOf('site', { name: 'grading', extends: true, regions } as unknown as AnyDocument);
  expect(
    faultsOf(shipped, over({ main: { transitions: { finish: { fourEyes: { author: true } } } } })),
  ).toEqual([]);
  expect(faultsOf(shipped, over({ main: { transitions: { finish: null } } }))).toEqual([]);
  expect(faultsOf(shipped, over({ main: { states: { a: null } } }))).toEqual([
    [`${AT}/states/a`, 'MRT_LAYER_LOCKED'],
  ]);
  expect(faultsOf(shipped, over({ main: { field: 'tax_code' } }))).toEqual([
    [`${AT}/field`, 'MRT_LAYER_LOCKED'],
  ]);
});
