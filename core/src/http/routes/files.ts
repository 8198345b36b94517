import { join } from 'node:path';
import type { Application } from '../../app/application.ts';
import { problem } from '../../errors/catalogue.ts';
import { createAttachments, isImage, LARGEST_FILE } from '../../files/attachments.ts';
import { folderStore } from '../../files/file-store.ts';
import { signedIn } from '../call.ts';
import { readUpTo } from '../request/read-json.ts';
import type { HttpContext, HttpRouter } from '../state.ts';

const FIELD = '/api/v1/records/:entity/:id/files/:field';

/**
 * Attachments: `POST /api/v1/files?name=…` takes the bytes and answers an id that a `files` or `images` field may
 * name; reading goes through the record that names it.
 */
export function register(router: HttpRouter, app: Application): void {
  const files = createAttachments(app.db, folderStore(join(app.config.dataDir, 'files')), app.records);

  router.post(
    '/api/v1/files',
    signedIn(
      app,
      async ({ http, context, query }) => {
        const name = query(['name']).text('name') ?? 'file';
        const made = await files.upload(context, name, await bytesOf(http));
        http.status = 201;
        return made;
      },
      { body: 'stream' },
    ),
  );

  router.get(
    FIELD,
    signedIn(app, async ({ context, param }) => ({
      items: await files.list(context, param('entity'), param('id'), param('field')),
    })),
  );

  router.get(
    `${FIELD}/:file`,
    signedIn(app, async ({ http, context, param }) => {
      const { view, content } = await files.open(
        context,
        param('entity'),
        param('id'),
        param('field'),
        param('file'),
      );
      const shown = isImage(view);
      http.set('Content-Type', shown ? view.type : 'application/octet-stream');
      http.set(
        'Content-Disposition',
        `${shown ? 'inline' : 'attachment'}; filename*=UTF-8''${encodeURIComponent(view.name)}`,
      );
      http.set('Content-Security-Policy', "sandbox; default-src 'none'");
      http.set('Cache-Control', 'private, max-age=300');
      return content;
    }),
  );
}

/** Reads an upload up to the limit; more is refused before it fills the memory. */
async function bytesOf(http: HttpContext): Promise<Buffer> {
  return await readUpTo(http.req, LARGEST_FILE, () =>
    problem('MRT_REQUEST_TOO_LARGE', { max: `${LARGEST_FILE / 1024 / 1024} MB` }),
  );
}
