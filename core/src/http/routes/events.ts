import { PassThrough } from 'node:stream';
import type { Application } from '../../app/application.ts';
import { signedIn } from '../call.ts';
import type { ServerEvent } from '../contract.ts';
import type { HttpRouter } from '../state.ts';

/** A line now and then keeps proxies from closing a silent connection. */
const HEART_BEAT_MS = 25_000;

/** `GET /api/v1/events`: server-sent events for every signed-in user (DESIGN §12). */
export function register(router: HttpRouter, app: Application): void {
  router.get(
    '/api/v1/events',
    signedIn(app, async ({ http, context, query }) => {
      query([]);
      const stream = new PassThrough();
      const send = (event: ServerEvent): void =>
        void stream.write(`event: ${event.event}\ndata: ${JSON.stringify(event.data)}\n\n`);
      const unsubscribe = app.events.subscribe(send);
      const beat = setInterval(() => stream.write(': beat\n\n'), HEART_BEAT_MS);
      const stop = app.closing.subscribe(() => stream.end());
      http.res.once('close', () => {
        clearInterval(beat);
        unsubscribe();
        stop();
        stream.destroy();
      });
      http.status = 200;
      http.set({
        'Content-Type': 'text/event-stream; charset=utf-8',
        'Cache-Control': 'no-store',
        'X-Accel-Buffering': 'no',
      });
      http.body = stream;
      stream.write('retry: 3000\n\n');
      // Who connects learns at once whether his model is old: nothing is missed between two connections.
      send({ event: 'metadata', data: { version: context.model.version } });
    }),
  );
}
