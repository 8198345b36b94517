// @vitest-environment happy-dom
import { VueQueryPlugin } from '@tanstack/vue-query';
import { flushPromises, mount, type VueWrapper } from '@vue/test-utils';
import { afterEach, expect, it, vi } from 'vitest';
import { createMemoryHistory, createRouter } from 'vue-router';
import { queryClient } from '../api/query-client.ts';
import { i18n } from '../locales/index.ts';
import { entityView, fieldView } from '../testing/views.ts';
import UndoDialog from './UndoDialog.vue';

const model = { version: 1, hash: 'h', timeZone: 'Asia/Shanghai', currency: 'CNY', entities: [], menus: [] };
const thing = { ...entityView([fieldView('at', 'datetime')]), display: 'at' };
const undone = { entity: 'thing', action: 'restore', because: null, restored: [], kept: [] };
const plan = {
  records: [
    { ...undone, id: 'r1', display: '2026-03-01T16:30:00.000Z' },
    { ...undone, id: 'r2', display: '' },
  ],
  more: 0,
};
const router = createRouter({
  history: createMemoryHistory(),
  routes: [
    { path: '/', component: { render: () => null } },
    { path: '/r/:entity/:id', name: 'record', component: { render: () => null } },
  ],
});

let wrapper: VueWrapper | undefined;
afterEach(() => {
  wrapper?.unmount();
  queryClient.clear();
  vi.unstubAllGlobals();
});

it('names a record by its time as a list prints it, in the zone of the installation', async () => {
  vi.stubGlobal('fetch', async (address: string): Promise<Response> => {
    const path = address.replace('/api/v1', '').split('?')[0] ?? '';
    const known: Record<string, unknown> = {
      '/model': model,
      '/model/entities/thing': thing,
      '/operations/o1/undo': plan,
    };
    if (!(path in known)) throw new Error(`nothing answers ${path}`);
    return new Response(JSON.stringify(known[path]), { headers: { 'content-type': 'application/json' } });
  });
  await router.push('/');
  wrapper = mount(UndoDialog, {
    props: { operation: { id: 'o1', entity: 'thing' } as never },
    attachTo: document.body,
    global: { plugins: [i18n, router, [VueQueryPlugin, { queryClient }]] as never },
  });
  await flushPromises();
  await vi.waitFor(() =>
    expect([...document.querySelectorAll('.records a')].map((link) => link.textContent)).toEqual([
      '2026-03-02 00:30',
      i18n.global.t('record.unnamed'),
    ]),
  );
});
