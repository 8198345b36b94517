import { problem } from '../../errors/catalogue.ts';
import type { Fault } from '../../errors/problem.ts';
import { type AnyDocument, type DocumentKind, FOLDER_OF_KIND } from '../../model/documents.ts';
import { hashOf } from '../../model/merge-layers.ts';
import { isObject } from '../../text/is-object.ts';

/**
 * The configuration of a site on its way to another installation: its own documents and its differences from the
 * shipped ones, as they would stand in a plugin's `metadata`.
 */
export interface MetadataPackage {
  readonly format: 1;
  /** Marks of the states that this one came from, the oldest first: by them two installations find their last common one. */
  readonly lineage: readonly string[];
  readonly plugins: Readonly<Record<string, { readonly version: string; readonly enabled: boolean }>>;
  /** By `kind/name`. Of a dictionary, the values that differ from the shipped ones. */
  readonly documents: Readonly<Record<string, AnyDocument>>;
}

/** The mark of a state. It depends on what is configured alone, not on versions of plugins or on who asks. */
export function packageMark(sent: Pick<MetadataPackage, 'plugins' | 'documents'>): string {
  const switches = Object.entries(sent.plugins).map(([name, { enabled }]): [string, boolean] => [
    name,
    enabled,
  ]);
  const documents = Object.entries(sent.documents);
  return hashOf([switches.sort(byName), documents.sort(byName)]);
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}

/** Kind and name of a key `kind/name`; null when it is none. */
export function keyParts(key: string): { readonly kind: DocumentKind; readonly name: string } | null {
  const at = key.indexOf('/');
  const kind = key.slice(0, at) as DocumentKind;
  return at > 0 && Object.hasOwn(FOLDER_OF_KIND, kind) ? { kind, name: key.slice(at + 1) } : null;
}

/** The kinds of the documents in a package. */
export function packageKinds({ documents }: Pick<MetadataPackage, 'documents'>): readonly DocumentKind[] {
  return [...new Set(Object.keys(documents).flatMap((key) => keyParts(key)?.kind ?? []))];
}

const MARK = /^[\w-]{10,64}$/;
const MOST_MARKS = 1000;

/** Checks what somebody sent as a package; its documents are checked when they are merged. @throws MRT_PACKAGE_INVALID */
export function readPackage(sent: unknown): MetadataPackage {
  const faults: Fault[] = [];
  const refuse = (path: string, zh: string, en: string): void => {
    faults.push({ path, code: 'MRT_PACKAGE_INVALID', message: { 'zh-CN': zh, en } });
  };
  if (!isObject(sent)) throw problem('MRT_PACKAGE_INVALID');
  // Documents are kept as JSON and their values as text: PostgreSQL can store NUL in neither.
  if (JSON.stringify(sent).includes('\\u0000'))
    refuse('', '含有不可用的字符(NUL)', 'it holds a character that cannot be stored (NUL)');
  for (const key of Object.keys(sent)) {
    if (!['format', 'lineage', 'plugins', 'documents'].includes(key))
      refuse(`/${key}`, '未知的内容', 'nobody knows this');
  }
  const { format, lineage, plugins, documents } = sent;
  if (format !== 1) refuse('/format', '应为 1', 'it must be 1');
  if (
    !Array.isArray(lineage) ||
    lineage.length > MOST_MARKS ||
    !lineage.every((mark) => typeof mark === 'string' && MARK.test(mark))
  )
    refuse('/lineage', '应为标记列表', 'it must be a list of marks');
  if (!isObject(plugins)) refuse('/plugins', '应为对象', 'it must be an object');
  else {
    for (const [name, state] of Object.entries(plugins)) {
      if (!isObject(state) || typeof state['version'] !== 'string' || typeof state['enabled'] !== 'boolean')
        refuse(`/plugins/${name}`, '应含 version 与 enabled', 'it needs version and enabled');
    }
  }
  if (!isObject(documents)) refuse('/documents', '应为对象', 'it must be an object');
  else {
    for (const [key, document] of Object.entries(documents)) {
      const at = `/documents/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
      const parts = keyParts(key);
      if (!parts) refuse(at, '应为“种类/名称”', 'it must be “kind/name”');
      else if (!isObject(document)) refuse(at, '文档须为 JSON 对象', 'a document must be a JSON object');
      else if (document['name'] !== parts.name)
        refuse(`${at}/name`, `应为“${parts.name}”`, `it must be “${parts.name}”`);
      else if (
        parts.kind === 'dictionary' &&
        document['values'] !== undefined &&
        !isObject(document['values'])
      )
        refuse(`${at}/values`, '应为对象', 'it must be an object');
    }
  }
  if (faults.length > 0) throw problem('MRT_PACKAGE_INVALID', {}, faults);
  return sent as unknown as MetadataPackage;
}
