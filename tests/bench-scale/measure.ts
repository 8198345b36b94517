import { median } from '../bench/drive/figures.ts';
import type { Product } from './product.ts';
import { withField } from './model.ts';

/** Milliseconds that some work takes. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

/** The median of several runs, after some that do not count. */
export async function medianOf(runs: number, work: (run: number) => Promise<unknown>): Promise<number> {
  for (let run = 0; run < Math.min(5, runs); run += 1) await work(run);
  const times: number[] = [];
  for (let run = 0; run < runs; run += 1) times.push(await timed(() => work(run + 5)));
  return median(times);
}

/** Adds a field by one change, as the screen does. Answers how long the apply took. */
export async function addField(
  product: Product,
  entity: string,
  name: string,
  more: Readonly<Record<string, unknown>> = {},
): Promise<number> {
  const path = `/api/v1/metadata/documents/entity/${entity}`;
  const { document, base } = await product.call<{ document: Record<string, unknown>; base: string }>(
    'GET',
    path,
  );
  const changes = [{ kind: 'entity', name: entity, base, document: withField(document, name, more) }];
  const { token } = await product.call<{ token: string }>('POST', '/api/v1/metadata/plan', {
    changes,
    note: 'bench',
  });
  return await timed(() => product.call('POST', '/api/v1/metadata/apply', { token }));
}

/** What people feel of the size of the model: one list, one record, one creation, one change of an entity. */
export async function requestTimes(
  product: Product,
  entity: string,
  runs: number,
): Promise<Readonly<Record<'list' | 'read' | 'create' | 'model', number>>> {
  const at = `/api/v1/records/${entity}`;
  const { id } = await product.call<{ id: string }>('POST', at, { name: 'one' });
  return {
    list: await medianOf(runs, () => product.call('GET', `${at}?limit=50`)),
    read: await medianOf(runs, () => product.call('GET', `${at}/${id}`)),
    create: await medianOf(runs, (run) => product.call('POST', at, { name: `n${run}` })),
    model: await medianOf(Math.min(runs, 20), () => product.call('GET', '/api/v1/model')),
  };
}
