import type { HttpMiddleware } from '../state.ts';
import { type Asset, type Assets, type Encoding, isFile } from './load-assets.ts';

/**
 * Serves the browser application. An address that is none of its files and looks like a page is answered with
 * `index.html`, which routes by itself; hashed files are cached for ever, the page is asked for anew each time.
 */
export function serveAssets(assets: Assets): HttpMiddleware {
  return async (http, next) => {
    const reads = http.method === 'GET' || http.method === 'HEAD';
    if (!reads || /^\/(?:api|health)(?:\/|$)/.test(http.path)) return await next();
    const path = http.path === '/' ? '/index.html' : http.path;
    const found = assets.get(path) ?? (isFile(path) ? undefined : assets.get('/index.html'));
    if (!found) return await next();
    http.set('Cache-Control', found.immutable ? 'public, max-age=31536000, immutable' : 'no-cache');
    http.set('Vary', 'Accept-Encoding');
    http.status = 200;
    const encoding = encodingFor(found, http.acceptsEncodings([...found.encodings]));
    http.set('ETag', encoding === 'identity' ? found.etag : found.etag.replace(/"$/, `-${encoding}"`));
    if (http.fresh) {
      http.status = 304;
      return;
    }
    if (encoding !== 'identity') http.set('Content-Encoding', encoding);
    const content = await found.content(encoding);
    http.type = found.type;
    http.length = content.length;
    http.body = content;
  };
}

function encodingFor(asset: Asset, accepted: string | false | readonly string[]): Encoding {
  return asset.encodings.find((each) => each === accepted) ?? 'identity';
}
