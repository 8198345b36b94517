// @vitest-environment happy-dom
import { flushPromises, mount } from '@vue/test-utils';
import { VueQueryPlugin } from '@tanstack/vue-query';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { defineComponent } from 'vue';
import { queryClient } from '../api/query-client.ts';
import { i18n } from '../locales/index.ts';
import { entityView, fieldView } from '../testing/views.ts';
import { useRecordForm, type RecordForm } from './use-record-form.ts';

interface Sent {
  readonly method: string;
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: Record<string, unknown> | undefined;
}
type Answer = { readonly status?: number; readonly body: unknown };

const entity = entityView([
  fieldView('name', 'text', { required: true, def: { maxLength: 10 } }),
  fieldView('kind', 'choice', {
    def: { options: { a: { label: { 'zh-CN': '甲', en: 'A' } } }, default: 'a' },
  }),
  fieldView('reason', 'longtext', { def: { visibleWhen: "kind == 'a'", requiredWhen: "kind == 'a'" } }),
]);
/** Filled from a picked customer. */
const order = entityView([
  fieldView('customer', 'reference', { def: { entity: 'customer' } }),
  fieldView('address', 'text', { required: true, def: { default: { expr: 'customer.address' } } }),
  fieldView('country', 'choice', { def: { dictionary: 'country', default: { expr: 'customer.country' } } }),
  fieldView('dial_code', 'text', { def: { default: { expr: 'country.dial_code' } } }),
]);
const countries = {
  name: 'country',
  label: { 'zh-CN': '国家', en: 'Country' },
  tree: false,
  values: ['CN', 'US'].map((code) => ({
    code,
    label: { 'zh-CN': code, en: code },
    parent: null,
    active: true,
    data: { dial_code: code === 'CN' ? '86' : '1' },
  })),
};
const model = {
  version: 1,
  hash: 'h',
  timeZone: 'Asia/Shanghai',
  currency: 'CNY',
  entities: [],
  dictionaries: [],
  menus: [],
};

/** A form over a server that answers from `answers`, by method and path. */
async function openForm(
  id: string | null,
  answers: (sent: Sent) => Answer,
  of = entity,
  seed: Record<string, unknown> = {},
): Promise<{ form: RecordForm; sent: Sent[] }> {
  const sent: Sent[] = [];
  vi.stubGlobal('fetch', async (address: string, init: RequestInit): Promise<Response> => {
    const path = address.replace('/api/v1', '').split('?')[0] ?? '';
    const request: Sent = {
      method: init.method ?? 'GET',
      path,
      headers: init.headers as Record<string, string>,
      body: init.body ? (JSON.parse(String(init.body)) as Record<string, unknown>) : undefined,
    };
    sent.push(request);
    const known: Record<string, unknown> = {
      '/model': model,
      '/model/entities/thing': of,
      '/model/dictionaries/country': countries,
    };
    const answer = path in known ? { body: known[path] } : answers(request);
    return new Response(JSON.stringify(answer.body), {
      status: answer.status ?? 200,
      headers: { 'content-type': 'application/json' },
    });
  });
  let form: RecordForm | undefined;
  mount(
    defineComponent({
      setup() {
        form = useRecordForm('thing', id, seed);
        return () => null;
      },
    }),
    { global: { plugins: [i18n, [VueQueryPlugin, { queryClient }]] } },
  );
  await flushPromises();
  await flushPromises();
  if (!form) throw new Error('the component did not run its setup');
  return { form, sent };
}

const stored = { id: 'r1', version: 3, name: '旧', kind: 'b', reason: null };
afterEach(() => {
  queryClient.clear();
  vi.unstubAllGlobals();
});

describe('a form', () => {
  it('ENT-07 starts a new record with its defaults', async () => {
    const { form } = await openForm(null, () => ({ body: {} }));
    expect(form.draft['kind']).toBe('a');
    expect(form.dirty.value).toBe(false);
    form.set('name', '酒');
    expect(form.dirty.value).toBe(true);
  });

  it('checks before it sends, and only what is shown and required now', async () => {
    const { form, sent } = await openForm(null, () => ({ body: {} }));
    expect(await form.save()).toBeNull();
    expect([...form.faults.keys()]).toEqual(['/name', '/reason']);
    form.set('kind', 'b');
    form.set('name', '酒');
    expect(form.isRequired('reason')).toBe(false);
    await form.save();
    expect(sent.filter((request) => request.method === 'POST')).toHaveLength(1);
  });

  it('DESIGN §4 sends a new record with an id of its own, the same one when it is sent again', async () => {
    let tries = 0;
    const { form, sent } = await openForm(null, () => {
      tries += 1;
      return tries === 1
        ? {
            status: 503,
            body: { code: 'MRT_MODEL_STALE', title: '', detail: '请重试', status: 503, errors: [] },
          }
        : { status: 201, body: { id: 'x', version: 1 } };
    });
    form.set('kind', 'b');
    form.set('name', '酒');
    await expect(form.save()).rejects.toThrow('请重试');
    expect(await form.save()).toEqual({ id: 'x', version: 1 });
    const ids = sent.filter((request) => request.method === 'POST').map((request) => request.body?.['id']);
    expect(ids[0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
    expect(ids[1]).toBe(ids[0]);
  });

  it('sends only what changed, with the version it was read at', async () => {
    const { form, sent } = await openForm('r1', () => ({ body: stored }));
    expect(form.dirty.value).toBe(false);
    form.set('name', '新');
    await form.save();
    const patch = sent.find((request) => request.method === 'PATCH');
    expect(patch?.body).toEqual({ name: '新' });
    expect(patch?.headers['If-Match']).toBe('"3"');
  });

  it('shows a fault of the server at the field it names', async () => {
    const { form } = await openForm('r1', (request) =>
      request.method === 'PATCH'
        ? {
            status: 422,
            body: {
              code: 'MRT_RECORD_INVALID',
              title: '',
              detail: '',
              status: 422,
              errors: [{ path: '/name', code: 'X', message: '名称重复' }],
            },
          }
        : { body: stored },
    );
    form.set('name', '新');
    expect(await form.save()).toBeNull();
    expect(form.faults.get('/name')).toBe('名称重复');
    form.set('name', '更新');
    expect(form.faults.size).toBe(0);
  });

  it('keeps both versions of a conflict and goes on from the chosen values', async () => {
    const current = { ...stored, version: 4, name: '他人', kind: 'c' };
    const versions: unknown[] = [];
    const { form } = await openForm('r1', (request) => {
      if (request.method !== 'PATCH') return { body: stored };
      versions.push(request.headers['If-Match']);
      return versions.length === 1
        ? {
            status: 409,
            body: {
              code: 'MRT_RECORD_CONFLICT',
              title: '',
              detail: '',
              status: 409,
              errors: [],
              current,
              yours: {},
            },
          }
        : { body: { ...current, version: 5 } };
    });
    form.set('name', '我');
    expect(await form.save()).toBeNull();
    expect(form.conflict.value?.current['name']).toBe('他人');
    form.resolve({ name: '我', kind: 'c' });
    expect(form.draft).toMatchObject({ name: '我', kind: 'c', version: 4 });
    await form.save();
    expect(versions).toEqual(['"3"', '"4"']);
  });

  it('ENT-03 shows likely duplicates of the server, and saves with the reason and what was shown', async () => {
    const candidate = { score: 1, exact: true, reasons: [], display: '酒', readable: false };
    const { form, sent } = await openForm('r1', (request) =>
      request.method === 'PATCH' && !request.body?.['$confirm']
        ? {
            status: 409,
            body: {
              code: 'MRT_RECORD_DUPLICATES',
              title: '',
              detail: '',
              status: 409,
              errors: [],
              candidates: [candidate],
              confirm: 'digest',
              mayConfirm: true,
            },
          }
        : { body: stored },
    );
    form.set('name', '酒');
    expect(await form.save()).toBeNull();
    expect(form.duplicates.value).toEqual({ candidates: [candidate], confirm: 'digest', mayConfirm: true });
    expect(await form.save('另一家')).not.toBeNull();
    expect(form.duplicates.value).toBeNull();
    const patches = sent.filter((request) => request.method === 'PATCH');
    expect(patches.map(({ body }) => body)).toEqual([
      { name: '酒' },
      { name: '酒', $confirm: { duplicates: 'digest', reason: '另一家' } },
    ]);
  });

  it('UI-04 is read-only when this very record may not be changed', async () => {
    const { form } = await openForm('r1', () => ({ body: { ...stored, $rights: ['print'] } }));
    expect(form.editable.value).toBe(false);
    expect(form.isReadOnly('name')).toBe(true);
    expect(form.may('print')).toBe(true);
    expect(form.may('delete')).toBe(false);
  });

  it('empties what the draft takes out of sight, and leaves alone what was out of sight before', async () => {
    const shown = { ...stored, kind: 'a', reason: '旧理由' };
    const { form, sent } = await openForm('r1', () => ({ body: shown }));
    form.set('kind', 'b');
    await form.save();
    expect(sent.find((request) => request.method === 'PATCH')?.body).toEqual({ kind: 'b', reason: null });

    const before = await openForm('r2', () => ({ body: { ...stored, id: 'r2', reason: '导入的理由' } }));
    before.form.set('name', '新');
    await before.form.save();
    expect(before.sent.find((request) => request.method === 'PATCH')?.body).toEqual({ name: '新' });
  });

  it('sends nothing in a field of a new record that went out of sight', async () => {
    const { form, sent } = await openForm(null, () => ({ body: { id: 'x', version: 1 } }));
    form.set('name', '酒');
    form.set('reason', '写了又不要');
    form.set('kind', 'b');
    await form.save();
    expect(sent.find((request) => request.method === 'POST')?.body).toMatchObject({
      kind: 'b',
      reason: null,
    });
  });

  const customers = (request: Sent): Answer => {
    const people: Record<string, unknown> = {
      '/records/customer/c1': { id: 'c1', version: 1, address: '北京路 1 号', country: 'CN' },
      '/records/customer/c2': { id: 'c2', version: 1, address: 'Main St 2', country: 'US' },
    };
    return { body: people[request.path] ?? { id: 'x', version: 1 } };
  };
  const settle = async (): Promise<void> => {
    for (let round = 0; round < 4; round += 1) await flushPromises();
  };

  it('ENT-07 fills from a picked record what is empty, and goes along with the next pick', async () => {
    const { form } = await openForm(null, customers, order);
    form.set('customer', 'c1');
    await settle();
    expect(form.draft).toMatchObject({ address: '北京路 1 号', country: 'CN', dial_code: '86' });
    form.set('address', '自己写的');
    form.set('customer', 'c2');
    await settle();
    expect(form.draft).toMatchObject({ address: '自己写的', country: 'US', dial_code: '1' });
  });

  it('is not changed by what came along with the record it was opened from', async () => {
    const { form } = await openForm(null, customers, order, { customer: 'c1' });
    await settle();
    expect(form.draft['address']).toBe('北京路 1 号');
    expect(form.dirty.value).toBe(false);
  });

  it('does not ask for a required value that the server fills in, but for one that was emptied', async () => {
    const { form, sent } = await openForm(null, customers, order);
    await form.save();
    expect([...form.faults.keys()]).toEqual([]);
    expect(sent.filter((request) => request.method === 'POST')).toHaveLength(1);
    form.set('address', 'x');
    form.set('address', '');
    expect(await form.save()).toBeNull();
    expect([...form.faults.keys()]).toEqual(['/address']);
  });

  it('ENG-05 keeps what is typed when the model changes underneath', async () => {
    const { form } = await openForm('r1', () => ({ body: stored }));
    form.set('name', '正在输入');
    await queryClient.invalidateQueries();
    await flushPromises();
    expect(form.draft['name']).toBe('正在输入');
    expect(form.dirty.value).toBe(true);
  });
});
