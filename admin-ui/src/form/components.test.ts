// @vitest-environment happy-dom
import { VueQueryPlugin } from '@tanstack/vue-query';
import { flushPromises, mount, type VueWrapper } from '@vue/test-utils';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { defineComponent, h, reactive, type Component } from 'vue';
import { createMemoryHistory, createRouter } from 'vue-router';
import { queryClient } from '../api/query-client.ts';
import ChoiceEditor from '../fields/choice/edit.vue';
import { i18n } from '../locales/index.ts';
import { entityView, fieldView } from '../testing/views.ts';
import DuplicatePanel from './DuplicatePanel.vue';
import FieldRow from './FieldRow.vue';
import RecordForm from './RecordForm.vue';
import { useRecordForm } from './use-record-form.ts';

const place = (code: string, parent: string | null) => ({
  code,
  label: { 'zh-CN': code, en: code },
  parent,
  active: true,
});
const cities = {
  name: 'city',
  label: { 'zh-CN': '市', en: 'City' },
  tree: true,
  values: [place('SD', null), place('JN', 'SD'), place('HB', null), place('SJZ', 'HB')],
};
const thing = entityView([
  fieldView('name', 'text', { required: true }),
  fieldView('note', 'longtext'),
  fieldView('city', 'choice', { def: { dictionary: 'city', dependsOn: { field: 'province' } } }),
]);
const model = { version: 1, hash: 'h', timeZone: 'Asia/Shanghai', currency: 'CNY', entities: [], menus: [] };

const router = createRouter({
  history: createMemoryHistory(),
  routes: [
    { path: '/', component: { render: () => null } },
    { path: '/r/:entity/:id', name: 'record', component: { render: () => null } },
  ],
});
const plugins = [i18n, router, [VueQueryPlugin, { queryClient }]] as const;

let stored: Record<string, unknown>;
let wrapper: VueWrapper | undefined;
function show(component: Component, props: Record<string, unknown>): VueWrapper {
  wrapper = mount(component, { props, attachTo: document.body, global: { plugins: [...plugins] as never } });
  return wrapper;
}

beforeEach(async () => {
  await router.push('/');
  stored = { id: 'r1', version: 1, name: '酒', note: '一\n二', city: 'JN', city$display: 'JN' };
  vi.stubGlobal('fetch', async (address: string): Promise<Response> => {
    const path = address.replace('/api/v1', '').split('?')[0] ?? '';
    const known: Record<string, unknown> = {
      '/model': model,
      '/model/entities/thing': thing,
      '/model/dictionaries/city': cities,
      '/records/thing/r1': stored,
    };
    if (!(path in known)) throw new Error(`nothing answers ${path}`);
    return new Response(JSON.stringify(known[path]), { headers: { 'content-type': 'application/json' } });
  });
});
afterEach(() => {
  wrapper?.unmount();
  queryClient.clear();
  vi.unstubAllGlobals();
});

describe('a row of a form', () => {
  const row = {
    field: fieldView('name', 'text', { required: true }),
    formId: 'f',
    entity: 'thing',
    record: { name: '' },
    required: true,
    readOnly: false,
  };

  it('UI-06 says at the field what is wrong, to eyes and ears', async () => {
    const shown = show(FieldRow, { ...row, faults: new Map([['', '请填写']]) });
    await flushPromises();
    const fault = shown.get('[role=alert]');
    expect(fault.text()).toBe('请填写');
    expect(shown.get('input').attributes('aria-describedby')).toBe(fault.attributes('id'));
    expect(shown.get('input').attributes('aria-invalid')).toBe('true');
    expect(shown.get('label').attributes('for')).toBe(shown.get('input').attributes('id'));
  });

  it('is quiet without a fault, and shows a value instead of a control when it can only be read', () => {
    const shown = show(FieldRow, { ...row, record: { name: '酒' }, readOnly: true, faults: new Map() });
    expect(shown.find('[role=alert]').exists()).toBe(false);
    expect(shown.find('input').exists()).toBe(false);
    expect(shown.get('[aria-readonly=true]').text()).toBe('酒');
  });

  it('ENT-01 tells when it is left', async () => {
    const shown = show(FieldRow, { ...row, faults: new Map() });
    await shown.get('input').trigger('focusout');
    expect(shown.emitted('leave')).toHaveLength(1);
  });
});

describe('a choice below another', () => {
  it('DM-COM takes back a value that the field above no longer allows, and keeps one that it does', async () => {
    const record = reactive({ province: 'SD', city: 'JN' });
    const shown = show(ChoiceEditor, {
      field: thing.fields[2],
      modelValue: 'JN',
      record,
      entity: 'thing',
      inputId: 'c',
    });
    await flushPromises();
    expect(shown.emitted('update:modelValue')).toBeUndefined();
    record.province = 'HB';
    await flushPromises();
    expect(shown.emitted('update:modelValue')).toEqual([[null]]);
  });
});

describe('the form of a record', () => {
  const Page = defineComponent({
    setup() {
      const form = useRecordForm('thing', 'r1', {});
      return () => (form.loading.value ? null : h(RecordForm, { form, recordId: 'r1' }));
    },
  });

  it('UI-04 has no control at all where this record may only be read', async () => {
    stored['$rights'] = ['print'];
    const shown = show(Page, {});
    await flushPromises();
    await flushPromises();
    expect(shown.find('.panel input, .panel textarea, .panel .el-select').exists()).toBe(false);
    expect(shown.findAll('[aria-readonly=true]').map((value) => value.text())).toEqual([
      '酒',
      '一\n二',
      'JN',
    ]);
  });

  it('has controls where it may be changed', async () => {
    stored['$rights'] = ['update'];
    const shown = show(Page, {});
    await flushPromises();
    await flushPromises();
    expect(shown.findAll('.panel input, .panel textarea').length).toBeGreaterThanOrEqual(3);
  });
});

describe('the panel of duplicates', () => {
  it('SEC-15 shows of an unreadable record its five facts and no way in', async () => {
    const shown = show(DuplicatePanel, {
      entity: thing,
      matches: {
        failure: null,
        items: [
          {
            key: 'k',
            candidate: {
              score: 0.97,
              exact: true,
              reasons: [{ field: 'name', kind: 'same' }],
              display: '泰山酒业',
              city: '济南',
              owner: '马淑珍',
              unit: '编辑部',
              lastActivity: '2026-11-01',
              readable: false,
            },
          },
        ],
      },
    });
    for (const fact of ['泰山酒业', '济南', '马淑珍', '编辑部', '2026-11-01', '97%', 'name相同'])
      expect(shown.text()).toContain(fact);
    expect(shown.find('a').exists()).toBe(false);
    expect(shown.classes()).toContain('exact');
    await shown.get('button').trigger('click');
    expect(shown.emitted('dismiss')).toEqual([['k']]);
  });
});
