// @vitest-environment happy-dom
import { flushPromises, mount } from '@vue/test-utils';
import type { DuplicateCandidate } from '@mortise/core/contract';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { computed, defineComponent, reactive, ref } from 'vue';
import { entityView, fieldView } from '../testing/views.ts';
import { useDuplicates, type DuplicateSearch } from './use-duplicates.ts';
import type { RecordForm } from './use-record-form.ts';

const entity = entityView([
  fieldView('name', 'text', { def: { duplicateCheck: 'company-name' } }),
  fieldView('phone', 'phone', { def: { duplicateCheck: 'phone' } }),
  fieldView('note', 'text'),
]);
const candidate = (id: string, change: Partial<DuplicateCandidate> = {}): DuplicateCandidate => ({
  id,
  score: 0.9,
  exact: false,
  reasons: [{ field: 'name', kind: 'similar' }],
  display: `Name ${id}`,
  city: null,
  owner: null,
  unit: null,
  lastActivity: null,
  readable: true,
  ...change,
});

interface Asked {
  readonly body: Record<string, unknown>;
  readonly signal: AbortSignal | null | undefined;
  answer(items: readonly DuplicateCandidate[], status?: number): void;
}

function open(stored: Record<string, unknown> = {}): {
  search: DuplicateSearch;
  draft: Record<string, unknown>;
  asked: Asked[];
} {
  const asked: Asked[] = [];
  vi.stubGlobal(
    'fetch',
    (_address: string, init: RequestInit) =>
      new Promise<Response>((resolve, reject) => {
        init.signal?.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')));
        asked.push({
          body: JSON.parse(String(init.body)) as Record<string, unknown>,
          signal: init.signal,
          answer: (items, status = 200) =>
            resolve(
              new Response(JSON.stringify(status === 200 ? { items } : { code: 'X', detail: 'no' }), {
                status,
                headers: { 'content-type': 'application/json' },
              }),
            ),
        });
      }),
  );
  const draft = reactive<Record<string, unknown>>({ ...stored });
  const form = {
    entity: computed(() => entity),
    stored: ref(stored),
    draft,
    isReadOnly: () => false,
  } as unknown as RecordForm;
  let search: DuplicateSearch | undefined;
  mount(
    defineComponent({
      setup() {
        search = useDuplicates(form, stored['id'] === undefined ? null : String(stored['id']));
        return () => null;
      },
    }),
  );
  if (!search) throw new Error('the component did not run its setup');
  return { search, draft, asked };
}
const keysAt = (search: DuplicateSearch, name: string): string[] =>
  search.found.get(name)?.items.map(({ key }) => key) ?? [];

afterEach(() => vi.unstubAllGlobals());

describe('the search for duplicates', () => {
  it('ENT-01 asks when a checked field is left with another value, and for nothing else', async () => {
    const { search, draft, asked } = open({ id: 'r1', name: '旧', phone: '1' });
    search.leave('name');
    draft['note'] = 'x';
    search.leave('note');
    expect(asked).toHaveLength(0);
    draft['name'] = '新';
    search.leave('name');
    search.leave('name');
    expect(asked.map(({ body }) => body)).toEqual([{ name: '新', phone: '1', exclude: 'r1' }]);
    asked[0]?.answer([candidate('a')]);
    await flushPromises();
    expect(keysAt(search, 'name')).toEqual(['a']);
  });

  it('ends a question that a later one overtakes', async () => {
    const { search, draft, asked } = open();
    draft['name'] = '甲';
    search.leave('name');
    draft['name'] = '乙';
    search.leave('name');
    expect(asked[0]?.signal?.aborted).toBe(true);
    asked[0]?.answer([candidate('old')]);
    asked[1]?.answer([candidate('new')]);
    await flushPromises();
    expect(keysAt(search, 'name')).toEqual(['new']);
  });

  it('ENT-02 shows each record once, under the field that brought it up', async () => {
    const { search, draft, asked } = open();
    draft['name'] = '甲';
    search.leave('name');
    asked[0]?.answer([candidate('a'), candidate('b')]);
    await flushPromises();
    draft['phone'] = '2';
    search.leave('phone');
    asked[1]?.answer([candidate('a', { exact: true }), candidate('c')]);
    await flushPromises();
    expect(keysAt(search, 'name')).toEqual(['a']);
    expect(search.found.get('name')?.items[0]?.candidate.exact).toBe(true);
    expect(keysAt(search, 'phone')).toEqual(['c']);
  });

  it('ENT-03 does not show again what the person judged to be another one', async () => {
    const { search, draft, asked } = open();
    draft['name'] = '甲';
    search.leave('name');
    asked[0]?.answer([candidate('a')]);
    await flushPromises();
    search.dismiss('a');
    expect(search.found.size).toBe(0);
    draft['name'] = '甲甲';
    search.leave('name');
    asked[1]?.answer([candidate('a')]);
    await flushPromises();
    expect(search.found.size).toBe(0);
  });

  it('says that it failed, and asks again at the next leave', async () => {
    const { search, draft, asked } = open();
    draft['name'] = '甲';
    search.leave('name');
    asked[0]?.answer([], 500);
    await flushPromises();
    expect(search.found.get('name')?.failure?.status).toBe(500);
    search.leave('name');
    expect(asked).toHaveLength(2);
  });
});
