import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { type EncodedContent, encodedContent } from '../encoded-content.ts';

/** A file of the built browser application. */
interface Asset extends EncodedContent {
  /** Its name carries a hash of its content: it may be kept for ever. */
  readonly immutable: boolean;
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
    assets.set(path, {
      ...encodedContent(type, await readFile(file)),
      immutable: /^\/assets\/.+-[\w-]{8,}\.\w+$/.test(path),
    });
  }
  return assets;
}

/** CSP sources of the inline scripts of a page, e.g. its import map. */
export async function inlineScriptSources(assets: Assets): Promise<readonly string[]> {
  const page = await assets.get('/index.html')?.content('identity');
  if (!page) return [];
  const scripts = page.toString('utf8').matchAll(/<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/gi);
  return [...scripts].map(([, text = '']) => `sha256-${createHash('sha256').update(text).digest('base64')}`);
}
