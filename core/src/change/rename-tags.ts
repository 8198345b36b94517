import Handlebars from 'handlebars';

/** A node of the syntax tree as far as it is read here. */
interface TagNode {
  readonly type: string;
  readonly path?: TagNode;
  readonly params?: readonly TagNode[];
  readonly parts?: readonly string[];
  readonly data?: boolean;
  readonly original?: unknown;
  readonly loc?: { readonly start: Place; readonly end: Place };
  readonly [name: string]: unknown;
}
interface Place {
  readonly line: number;
  readonly column: number;
}

/**
 * The body of a template with new names of fields in its tags. Helpers keep theirs, and so does what stands inside of a block
 * over one of `sources`, which are other records. A body that cannot be read is left to the check of documents.
 */
export function renamedTags(
  body: string,
  renames: ReadonlyMap<string, string>,
  sources: ReadonlySet<string>,
): string {
  let tree: unknown;
  try {
    tree = Handlebars.parse(body);
  } catch {
    return body;
  }
  const found: { readonly from: number; readonly to: number; readonly text: string }[] = [];
  const starts = lineStarts(body);
  const offset = ({ line, column }: Place): number => (starts[line - 1] ?? 0) + column;

  function visit(value: unknown): void {
    if (Array.isArray(value)) return value.forEach(visit);
    if (typeof value !== 'object' || value === null) return;
    const node = value as TagNode;
    if (node.type === 'PathExpression') return note(node);
    const isCall = (node.params?.length ?? 0) > 0 || node['hash'] !== undefined;
    const into = node.type === 'BlockStatement' ? node.params?.[0]?.parts?.[0] : undefined;
    for (const [name, inner] of Object.entries(node)) {
      if (name === 'loc' || (name === 'path' && isCall)) continue;
      if (into !== undefined && sources.has(into) && (name === 'program' || name === 'params')) continue;
      visit(inner);
    }
  }
  function note({ parts = [], data, loc }: TagNode): void {
    const [first = '', second] = parts;
    if (data === true || !loc) return;
    const fresh = renames.get(first) ?? first;
    const far = second === undefined ? undefined : renames.get(`${first}.${second}`)?.split('.')[1];
    const from = offset(loc.start);
    const to = offset(loc.end);
    const old = body.slice(from, to);
    const steps = second === undefined ? first : `${first}.${second}`;
    const text = second === undefined ? fresh : `${fresh}.${far ?? second}`;
    if (text !== steps && old.includes(steps)) found.push({ from, to, text: old.replace(steps, text) });
  }
  visit(tree);
  let result = body;
  for (const { from, to, text } of found.sort((a, b) => b.from - a.from))
    result = result.slice(0, from) + text + result.slice(to);
  return result;
}

function lineStarts(body: string): readonly number[] {
  const starts = [0];
  for (let at = body.indexOf('\n'); at >= 0; at = body.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}
