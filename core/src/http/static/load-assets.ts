import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

export type Encoding = 'br' | 'gzip' | 'identity';

/** A file of the built browser application. */
export interface Asset {
  readonly type: string;
  readonly etag: string;
  /** Its name carries a hash of its content: it may be kept for ever. */
  readonly immutable: boolean;
  /** The content, compressed once on first use. */
  content(encoding: Encoding): Promise<Buffer>;
  readonly encodings: readonly Encoding[];
}

/** The files of the browser application by path (`/index.html`), read once at start. */
export type Assets = ReadonlyMap<string, Asset>;

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.webp': 'image/webp',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
};

/** Is it the address of a file, which either exists or not, rather than of a screen such as `/list/customer.all`? */
export function isFile(path: string): boolean {
  return path.startsWith('/assets/') || extname(path) === '.map' || TYPES[extname(path)] !== undefined;
}

/** Reads the folder of the built application; an absent folder gives no assets. */
export async function loadAssets(folder: string): Promise<Assets> {
  const assets = new Map<string, Asset>();
  if (!existsSync(folder)) return assets;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const type = TYPES[extname(entry.name)];
    if (!entry.isFile() || entry.name.startsWith('.') || !type) continue;
    const file = join(entry.parentPath, entry.name);
    const path = `/${relative(folder, file).split(sep).join('/')}`;
    assets.set(path, asset(path, type, await readFile(file)));
  }
  return assets;
}

function asset(path: string, type: string, bytes: Buffer): Asset {
  const compressible = /^(?:text|application)\/|svg/.test(type) && bytes.length > 1024;
  const made = new Map<Encoding, Promise<Buffer>>();
  const compress = (encoding: Encoding): Promise<Buffer> => {
    if (encoding === 'br')
      return promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 6 } });
    return encoding === 'gzip' ? promisify(gzip)(bytes, { level: 7 }) : Promise.resolve(bytes);
  };
  return {
    type,
    etag: `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`,
    immutable: /^\/assets\/.+-[\w-]{8,}\.\w+$/.test(path),
    encodings: compressible ? ['br', 'gzip', 'identity'] : ['identity'],
    content(encoding) {
      let content = made.get(encoding);
      if (!content) made.set(encoding, (content = compress(encoding)));
      return content;
    },
  };
}

/** CSP sources of the inline scripts of a page, e.g. its import map. */
export async function inlineScriptSources(assets: Assets): Promise<readonly string[]> {
  const page = await assets.get('/index.html')?.content('identity');
  if (!page) return [];
  const scripts = page.toString('utf8').matchAll(/<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/gi);
  return [...scripts].map(([, text = '']) => `sha256-${createHash('sha256').update(text).digest('base64')}`);
}
