import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { problem } from '../../errors/catalogue.ts';
import { type AnyDocument, type DocumentKind, FOLDER_OF_KIND } from '../../model/documents.ts';
import { loadLayer } from '../../model/load-layer.ts';
import { documentKey } from '../../model/model.ts';
import { keyParts, type MetadataPackage, readPackage } from './metadata-package.ts';

/** What stands in the file beside the documents. */
const MANIFEST = 'mortise.json';

function folderOf(root: string, kind: DocumentKind): string {
  return kind === 'template' ? join(root, 'templates') : join(root, 'metadata', FOLDER_OF_KIND[kind]);
}

function text(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** The files of a package by their path below its folder; the body of a template stands beside it. */
function filesOf(root: string, sent: MetadataPackage): ReadonlyMap<string, string> {
  const { documents, ...manifest } = sent;
  const files = new Map([[join(root, MANIFEST), text(manifest)]]);
  for (const [key, document] of Object.entries(documents)) {
    const parts = keyParts(key);
    if (!parts) continue;
    const path = join(folderOf(root, parts.kind), parts.name);
    const body = (document as { readonly body?: unknown }).body;
    if (parts.kind === 'template' && typeof body === 'string') {
      files.set(`${path}.hbs`, body);
      files.set(`${path}.json`, text({ ...document, body: `${parts.name}.hbs` }));
    } else files.set(`${path}.json`, text(document));
  }
  return files;
}

async function storedFiles(root: string): Promise<string[]> {
  const kinds = Object.keys(FOLDER_OF_KIND) as DocumentKind[];
  const found = await Promise.all(
    kinds.map(async (kind) => {
      const folder = folderOf(root, kind);
      if (!existsSync(folder)) return [];
      return (await readdir(folder))
        .filter((file) => /\.(json|hbs)$/.test(file))
        .map((file) => join(folder, file));
    }),
  );
  return found.flat();
}

/**
 * Writes a package as a folder fit for version control: `mortise.json`, `metadata/<kind>/<name>.json`, `templates/`.
 * Files of documents that are no longer in it are removed; anything else in the folder is left alone.
 * @returns the number of documents @throws MRT_PACKAGE_FOLDER for a folder that holds something else
 */
export async function writePackageFolder(root: string, sent: MetadataPackage): Promise<number> {
  const used = existsSync(root) && (await readdir(root)).some((name) => !name.startsWith('.'));
  if (used && !existsSync(join(root, MANIFEST))) throw problem('MRT_PACKAGE_FOLDER', { path: root });
  const files = filesOf(root, sent);
  for (const file of await storedFiles(root)) if (!files.has(file)) await rm(file);
  for (const [file, content] of files) {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
  }
  return Object.keys(sent.documents).length;
}

/**
 * Reads a folder that `writePackageFolder` has written, perhaps edited since.
 * @throws MRT_PACKAGE_FOLDER when it is none, MRT_DOCUMENT_INVALID, MRT_PACKAGE_INVALID
 */
export async function readPackageFolder(root: string): Promise<MetadataPackage> {
  const file = join(root, MANIFEST);
  if (!existsSync(file)) throw problem('MRT_PACKAGE_FOLDER', { path: root });
  const manifest = parse(await readFile(file, 'utf8'));
  const { documents } = await loadLayer(join(root, 'metadata'), 'site');
  const byKey = documents
    .map(({ kind, name, document }): [string, AnyDocument] => [
      documentKey(kind, name),
      withoutSchema(document),
    ])
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return readPackage({ ...manifest, documents: Object.fromEntries(byKey) });
}

/** `$schema` is there for the editor of whoever changes the file. */
function withoutSchema(document: AnyDocument): AnyDocument {
  const { $schema: _schema, ...rest } = document;
  return rest as AnyDocument;
}

function parse(content: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(content) as Readonly<Record<string, unknown>>;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw problem('MRT_PACKAGE_INVALID', {}, [
      { path: MANIFEST, code: 'MRT_DOC_SYNTAX', message: { 'zh-CN': message, en: message } },
    ]);
  }
}
