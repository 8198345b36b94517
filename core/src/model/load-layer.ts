import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import { problem } from '../errors/catalogue.ts';
import type { Fault } from '../errors/problem.ts';
import { type AnyDocument, type DocumentKind, FOLDER_OF_KIND } from './documents.ts';
import type { Layer, LayerDocument } from './layer.ts';
import type { LayerName } from './model.ts';

/**
 * Reads the documents of one layer. `root` is its `metadata` folder; templates stand beside it in `templates/`.
 * @throws MRT_DOCUMENT_INVALID naming every file that is not JSON, repeats a key, or does not bear its own name.
 */
export async function loadLayer(root: string, name: LayerName): Promise<Layer> {
  const documents: LayerDocument[] = [];
  const faults: Fault[] = [];
  for (const kind of Object.keys(FOLDER_OF_KIND) as DocumentKind[]) {
    const folder = kind === 'template' ? join(dirname(root), 'templates') : join(root, FOLDER_OF_KIND[kind]);
    for (const entry of await jsonFiles(folder)) {
      const file = join(folder, entry);
      const shown = relative(dirname(root), file);
      const document = parseDocument(await readFile(file, 'utf8'), shown, faults);
      if (!document) continue;
      if (document.name !== basename(entry, '.json')) {
        faults.push(
          fileFault(
            shown,
            'MRT_DOC_NAME',
            `文件名应为 ${document.name}.json`,
            `the file must be named ${document.name}.json`,
          ),
        );
      }
      documents.push({
        kind,
        name: document.name,
        document: await withBody(kind, document, folder),
        file: shown,
      });
    }
  }
  if (faults.length > 0) throw problem('MRT_DOCUMENT_INVALID', { count: faults.length }, faults);
  return { name, documents };
}

async function jsonFiles(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).filter((file) => file.endsWith('.json')).sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** A template's body is a Handlebars file beside the document; the model carries its text. */
async function withBody(kind: DocumentKind, document: AnyDocument, folder: string): Promise<AnyDocument> {
  if (kind !== 'template' || !('body' in document) || !/^[\w.-]+\.hbs$/.test(document.body)) return document;
  return { ...document, body: await readFile(join(folder, document.body), 'utf8') };
}

/**
 * Parses one document. JSON.parse would silently keep the last of two equal keys, which hides a field somebody
 * wrote; therefore the syntax tree is read.
 */
function parseDocument(text: string, file: string, faults: Fault[]): AnyDocument | null {
  const errors: ParseError[] = [];
  const tree = parseTree(text, errors, { disallowComments: true, allowTrailingComma: false });
  for (const error of errors) {
    const line = text.slice(0, error.offset).split('\n').length;
    const code = printParseErrorCode(error.error);
    faults.push(
      fileFault(
        file,
        'MRT_DOC_SYNTAX',
        `第 ${line} 行 JSON 语法错误(${code})`,
        `line ${line} is not JSON (${code})`,
      ),
    );
  }
  if (!tree || errors.length > 0) return null;
  const before = faults.length;
  const value = toValue(tree, file, '', faults);
  if (faults.length > before) return null;
  if (typeof value !== 'object' || value === null || typeof (value as { name?: unknown }).name !== 'string') {
    faults.push(fileFault(file, 'MRT_DOC_NAME', '缺少 name', 'the document has no name'));
    return null;
  }
  return value as AnyDocument;
}

function toValue(node: Node, file: string, path: string, faults: Fault[]): unknown {
  if (node.type === 'array')
    return (node.children ?? []).map((child, index) => toValue(child, file, `${path}/${index}`, faults));
  if (node.type !== 'object') return node.value;
  const result: Record<string, unknown> = {};
  for (const property of node.children ?? []) {
    const [key, value] = property.children ?? [];
    if (!key || !value) continue;
    const name = String(key.value);
    const at = `${path}/${name}`;
    if (Object.hasOwn(result, name)) {
      faults.push({
        path: `${file}#${at}`,
        code: 'MRT_DOC_DUPLICATE',
        message: { 'zh-CN': `“${name}”重复出现`, en: `“${name}” appears twice` },
      });
    }
    result[name] = toValue(value, file, at, faults);
  }
  return result;
}

function fileFault(file: string, code: string, zh: string, en: string): Fault {
  return { path: file, code, message: { 'zh-CN': `${file}:${zh}`, en: `${file}: ${en}` } };
}
