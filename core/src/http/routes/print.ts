import type { Application } from '../../app/application.ts';
import { problem } from '../../errors/catalogue.ts';
import { type PrintRequest, printRecords } from '../../print/print-records.ts';
import { findPreview, keepPreview } from '../../print/previews.ts';
import { PdfPrinter } from '../../print/chromium.ts';
import { signedIn } from '../call.ts';
import { type Body, readBody } from '../request/body.ts';
import type { HttpRouter } from '../state.ts';

const MEMBERS = ['template', 'entity', 'ids', 'filter', 'sort', 'fields', 'start', 'title', 'format'];

/** A printed page may hold nothing that runs or calls home, whatever a template says (DESIGN §9). */
const PAGE_POLICY =
  "sandbox allow-modals; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'";

/**
 * `POST /api/v1/print` renders records with a template: `format: html` answers the address of the preview, `pdf`
 * the document itself. `GET /api/v1/print/previews/:id` is the page for the sandboxed frame.
 */
export function register(router: HttpRouter, app: Application): void {
  const printer = new PdfPrinter();
  app.closing.subscribe(() => void printer.close());

  router.post(
    '/api/v1/print',
    signedIn(app, async ({ http, context, body }) => {
      const sent = readBody(body, MEMBERS);
      const request = requestOf(sent);
      const format = (sent.optionalText('format') ?? 'html') === 'pdf' ? 'pdf' : 'html';
      const printed = await printRecords(app, context, request);
      // The preview can be printed by the browser, so it counts; of the same records, once a day.
      const { template, entity, ...query } = request;
      await app.outputs.permit(context, {
        kind: 'print',
        entity,
        ids: printed.ids,
        template,
        format,
        query,
        address: http.ip || null,
      });
      if (format === 'pdf') {
        http.type = 'application/pdf';
        http.set('Content-Disposition', 'inline; filename="mortise.pdf"');
        return printer.print(printed.html);
      }
      const id = await keepPreview(app.db, context.actor.id, printed.html);
      return { url: `/api/v1/print/previews/${id}`, count: printed.count, missing: printed.missing };
    }),
  );

  router.get(
    '/api/v1/print/previews/:id',
    signedIn(app, async ({ http, context, param }) => {
      const html = await findPreview(app.db, context.actor.id, param('id'));
      if (html === null) throw problem('MRT_FILE_NOT_FOUND');
      http.type = 'text/html; charset=utf-8';
      http.set('Content-Security-Policy', PAGE_POLICY);
      http.set('X-Frame-Options', 'SAMEORIGIN');
      http.set('Cache-Control', 'no-store');
      return html;
    }),
  );
}

function requestOf(sent: Body): PrintRequest {
  const ids = sent.has('ids') ? sent.texts('ids') : undefined;
  const fields = sent.has('fields') ? sent.texts('fields') : undefined;
  const filter = sent.optionalObject('filter');
  const sort = sent.optionalText('sort', 500);
  const start = sent.integer('start');
  const title = sent.optionalText('title', 200);
  return {
    template: sent.text('template', 100),
    entity: sent.text('entity', 100),
    ...(ids ? { ids } : {}),
    ...(filter ? { filter } : {}),
    ...(sort ? { sort } : {}),
    ...(fields ? { fields } : {}),
    ...(start === undefined ? {} : { start }),
    ...(title ? { title } : {}),
  };
}
