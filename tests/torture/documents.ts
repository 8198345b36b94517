import type { Json } from './client.ts';

const label = (text: string): Json => ({ 'zh-CN': text, en: text });
const field = (type: string, more: Json = {}): Json => ({ field: type, label: label(type), ...more });

/** Name of the entity that the load writes. */
export const ORDER = 'torture_order';
const LINE = 'torture_line';
export const KIND = 'torture_kind';
export const PLUGIN = 'publication';
const STAGE = 'torture_stage';
/** Transitions of the workflow that the load walks to and fro, by the state they leave. */
export const TRANSITIONS: Readonly<Record<string, string>> = { open: 'finish', done: 'reopen' };

const values = (...codes: readonly string[]): Json =>
  Object.fromEntries(codes.map((code) => [code, { label: label(code) }]));
const transition = (from: string, to: string): Json => ({
  label: label(to),
  from: { [from]: true },
  to,
  opinion: 'optional',
});

/** What the harness needs of a model: a record with lines, their sum, a number, a dictionary and a workflow. */
export const DOCUMENTS: readonly Json[] = [
  {
    kind: 'dictionary',
    name: KIND,
    document: {
      name: KIND,
      label: label('Kind'),
      values: values('a', 'b'),
    },
  },
  {
    kind: 'dictionary',
    name: STAGE,
    document: { name: STAGE, label: label('Stage'), values: values('open', 'done') },
  },
  {
    kind: 'entity',
    name: ORDER,
    document: {
      name: ORDER,
      label: label('Torture order'),
      display: 'name',
      ownership: 'user',
      properties: {
        name: field('text', { required: true, maxLength: 200, unique: true }),
        code: field('autonumber', { pattern: 'T{seq:6}', unique: true }),
        kind: field('choice', { dictionary: KIND }),
        stage: field('choice', { dictionary: STAGE, default: 'open' }),
        note: field('longtext'),
        counter: field('integer'),
        amount: field('decimal', { precision: 12, scale: 2 }),
        lines: field('lines', { entity: LINE, by: ORDER }),
        copies: field('integer', {
          rollup: { entity: LINE, by: ORDER, function: 'sum', field: 'copies' },
        }),
      },
    },
  },
  {
    kind: 'entity',
    name: LINE,
    document: {
      name: LINE,
      label: label('Torture line'),
      display: 'item',
      ownership: 'parent',
      parent: ORDER,
      reviews: false,
      properties: {
        [ORDER]: field('reference', { entity: ORDER, required: true, index: true }),
        item: field('text', { required: true, maxLength: 80 }),
        copies: field('integer', { required: true, minimum: 1 }),
      },
    },
  },
  {
    kind: 'workflow',
    name: 'torture_flow',
    document: {
      name: 'torture_flow',
      label: label('Torture flow'),
      entity: ORDER,
      regions: {
        stage: {
          label: label('Stage'),
          field: 'stage',
          initial: 'open',
          states: { open: { label: label('Open') }, done: { label: label('Done'), final: true } },
          transitions: { finish: transition('open', 'done'), reopen: transition('done', 'open') },
        },
      },
    },
  },
];
