import type { Application } from '../../app/application.ts';
import { problem } from '../../errors/catalogue.ts';
import { createSearch } from '../../search/create-search.ts';
import { signedIn } from '../call.ts';
import type { SearchAnswer } from '../contract.ts';
import type { HttpRouter } from '../state.ts';

const DEFAULT_LIMIT = 6;
const MAX_LIMIT = 50;
const MAX_TEXT = 200;

/**
 * `GET /api/v1/search?q=wuliangye&limit=6&entities=customer,contact` → `{groups}`: records of every entity that the
 * user may know of, by text, pinyin, initials, telephone, number or e-mail (QRY-05).
 */
export function register(router: HttpRouter, app: Application): void {
  const search = createSearch({
    db: app.db,
    records: app.records,
    models: app.changes,
    report: (error) => app.log.warn({ err: error }, 'the keys of the search box could not be made'),
  });
  app.events.subscribe(({ event }) => {
    if (event === 'record') search.wake();
  });
  app.closing.subscribe(() => void search.stop());
  router.get(
    '/api/v1/search',
    signedIn(app, async ({ context, query }): Promise<SearchAnswer> => {
      const sent = query(['q', 'limit', 'entities']);
      const text = sent.text('q') ?? '';
      if (text.length > MAX_TEXT) throw problem('MRT_REQUEST_MALFORMED', { reason: `q: 0 … ${MAX_TEXT}` });
      const entities = sent.list('entities');
      const limit = sent.integer('limit', 1, MAX_LIMIT) ?? DEFAULT_LIMIT;
      return { groups: await search.find(context, { text, limit, ...(entities ? { entities } : {}) }) };
    }),
  );
}
