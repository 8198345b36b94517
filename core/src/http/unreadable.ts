import type { Socket } from 'node:net';
import { problem } from '../errors/catalogue.ts';
import { localise, type Locale, type LocaleText } from '../text/locale.ts';

const REASONS: Readonly<Record<string, LocaleText>> = {
  HPE_HEADER_OVERFLOW: { 'zh-CN': '请求头太大', en: 'its headers are too large' },
  ERR_HTTP_REQUEST_TIMEOUT: { 'zh-CN': '请求未及时到达', en: 'it did not arrive in time' },
  HPE_INVALID_EOF_STATE: { 'zh-CN': '请求中途结束', en: 'it ended before its end' },
};
const NO_HTTP: LocaleText = { 'zh-CN': '不是 HTTP 请求', en: 'it is not HTTP' };

/**
 * For the server's event `clientError`: answers what could not be read as HTTP with a problem as any other, where
 * Node by itself sends an empty 400, and closes the connection.
 */
export function answerUnreadable(
  locale: () => Locale,
): (error: NodeJS.ErrnoException, socket: Socket) => void {
  return (error, socket) => {
    const begun = (socket as { readonly _httpMessage?: { readonly headersSent?: boolean } | null })
      ._httpMessage;
    if (!socket.writable || error.code === 'ECONNRESET' || begun?.headersSent) {
      socket.destroy();
      return;
    }
    const language = locale();
    const found = problem('MRT_REQUEST_MALFORMED', {
      reason: localise(REASONS[error.code ?? ''] ?? NO_HTTP, language),
    });
    const body = Buffer.from(JSON.stringify(found.toBody(language)));
    const head = [
      'HTTP/1.1 400 Bad Request',
      'Content-Type: application/problem+json; charset=utf-8',
      `Content-Length: ${body.length}`,
      `Content-Language: ${language}`,
      'Cache-Control: no-store',
      'Connection: close',
    ];
    socket.end(Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), body]));
  };
}
