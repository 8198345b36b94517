import type { Application } from '../../app/application.ts';
import { loadSampleData } from '../../app/sample-data.ts';
import { isDemoComplete } from '../../demo/demo-state.ts';
import { problem } from '../../errors/catalogue.ts';
import { LOCALES, type LocaleText } from '../../text/locale.ts';
import { signedIn } from '../call.ts';
import type { SetupAnswer, SetupRequest } from '../contract.ts';
import { type Body, readBody } from '../request/body.ts';
import { readQuery } from '../request/query.ts';
import type { HttpRouter } from '../state.ts';

/**
 * `GET /api/v1/setup` (public): what the sign-in screen may know. `POST /api/v1/setup {productName?, locale?, demo?}`
 * finishes the first-run wizard, for who may configure.
 */
export function register(router: HttpRouter, app: Application): void {
  const answer = async (): Promise<SetupAnswer> => {
    const { settings } = app.changes.current();
    return {
      productName: settings.productName,
      locale: settings.locale,
      firstRun: await app.installation.firstRun(),
      version: app.version,
    };
  };

  router.get('/api/v1/setup', async (http) => {
    readQuery(http.URL.searchParams, []);
    http.body = await answer();
  });

  router.post(
    '/api/v1/setup',
    signedIn(
      app,
      async ({ context, session, body }) => {
        const wish = requestOf(readBody(body, ['productName', 'locale', 'demo']));
        if (!(await app.installation.firstRun())) {
          throw problem('MRT_RECORD_STATE', {
            reason: context.locale === 'en' ? 'the first-run wizard is finished' : '首次设置已完成',
          });
        }
        if (wish.productName || wish.locale) {
          const { document: present, base } = app.changes.document('settings', 'installation');
          const document = {
            ...present,
            ...(wish.productName ? { productName: wish.productName } : {}),
            ...(wish.locale ? { locale: wish.locale } : {}),
          };
          const note = context.locale === 'en' ? 'First-run wizard' : '首次设置';
          await app.changes.apply(session.actor, {
            changes: [{ kind: 'settings', name: 'installation', base, document }],
            note,
          });
        }
        // Loaded at the start or by an earlier attempt: there is nothing left to do.
        if (wish.demo && !(await isDemoComplete(app.db))) await loadSampleData(app, session.actor);
        await app.installation.finishFirstRun();
        return await answer();
      },
      { function: 'metadata.configure' },
    ),
  );
}

function requestOf(body: Body): SetupRequest {
  const locale = LOCALES.find((each) => each === body.optionalText('locale'));
  if (body.has('locale') && locale === undefined)
    throw problem('MRT_REQUEST_MALFORMED', { reason: `/locale: ${LOCALES.join(' | ')}` });
  const names = body.optionalObject('productName');
  const productName = names ? nameOf(readBody(names, LOCALES)) : undefined;
  const demo = body.flag('demo');
  return {
    ...(productName ? { productName } : {}),
    ...(locale ? { locale } : {}),
    ...(demo === undefined ? {} : { demo }),
  };
}

function nameOf(body: Body): LocaleText {
  return { 'zh-CN': body.text('zh-CN', 40), en: body.text('en', 40) };
}
