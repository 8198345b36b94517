import type { Application } from '../../app/application.ts';
import { problem } from '../../errors/catalogue.ts';
import type { HttpRouter } from '../state.ts';

const PAGE = (message: string, button: string): string =>
  `<!doctype html><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Mortise</title>` +
  `<body><p>${message}</p>${button}</body>`;

/**
 * `GET /api/v1/mail/unsubscribe?token=` asks, `POST` does it: programs that look into mails open every link, so that
 * opening alone must change nothing. Mail programs post by themselves (RFC 8058).
 */
export function register(router: HttpRouter, app: Application): void {
  const tokenOf = (query: string): string => new URLSearchParams(query).get('token') ?? '';

  router.get('/api/v1/mail/unsubscribe', (http) => {
    http.type = 'text/html; charset=utf-8';
    http.set('Content-Security-Policy', "default-src 'none'; form-action 'self'; frame-ancestors 'none'");
    http.body = PAGE(
      '不再接收榫卯的邮件? / Stop all mail from Mortise?',
      '<form method="post"><button>确认 / Confirm</button></form>',
    );
  });

  router.post('/api/v1/mail/unsubscribe', async (http) => {
    if (!(await app.mail.unsubscribe(tokenOf(http.querystring)))) throw problem('MRT_ROUTE_UNKNOWN');
    http.type = 'text/html; charset=utf-8';
    http.set('Content-Security-Policy', "default-src 'none'");
    http.body = PAGE('已取消。可在“通知”中重新开启。 / Done. Turn it on again under “Notifications”.', '');
  });
}
