import { sendEncoded } from '../encoded-content.ts';
import type { HttpMiddleware } from '../state.ts';
import { type Assets, isFile } from './load-assets.ts';

/**
 * Serves the browser application. An address that is none of its files and looks like a page is answered with
 * `index.html`, which routes by itself; hashed files are cached for ever, the page is asked for anew each time.
 */
export function serveAssets(assets: Assets): HttpMiddleware {
  return async (http, next) => {
    const reads = http.method === 'GET' || http.method === 'HEAD';
    // The calendar itself is a page, what lies below it are feeds.
    if (!reads || /^\/(?:api|health)(?:\/|$)|^\/calendar\/./.test(http.path)) return await next();
    const path = http.path === '/' ? '/index.html' : http.path;
    const found = assets.get(path) ?? (isFile(path) ? undefined : assets.get('/index.html'));
    if (!found) return await next();
    await sendEncoded(http, found, found.immutable ? 'public, max-age=31536000, immutable' : 'no-cache');
  };
}
