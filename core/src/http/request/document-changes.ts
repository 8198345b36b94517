import { problem } from '../../errors/catalogue.ts';
import { type DocumentKind, FOLDER_OF_KIND } from '../../model/documents.ts';
import type { DataChange, DocumentChange, Risk } from '../contract.ts';
import { type Body, readBody } from './body.ts';

const KINDS = Object.keys(FOLDER_OF_KIND) as readonly DocumentKind[];
const RISKS: readonly Risk[] = ['none', 'locks', 'rewrites', 'hides-data', 'loses-data'];
const MOST_CHANGES = 500;

/** @throws MRT_REQUEST_MALFORMED */
export function documentKind(text: string | undefined): DocumentKind | undefined {
  if (text === undefined) return undefined;
  const kind = KINDS.find((each) => each === text);
  if (kind === undefined) throw problem('MRT_REQUEST_MALFORMED', { reason: `kind: ${KINDS.join(' | ')}` });
  return kind;
}

/** `changes` of a plan or apply. @throws MRT_REQUEST_MALFORMED */
export function documentChanges(body: Body): readonly DocumentChange[] {
  const changes = body.has('changes') || !body.has('data') ? body.list('changes') : [];
  const fewest = body.has('data') ? 0 : 1;
  if (changes.length < fewest || changes.length > MOST_CHANGES)
    throw problem('MRT_REQUEST_LIMIT', { max: MOST_CHANGES });
  return changes.map((item, index) => {
    if (typeof item !== 'object' || item === null || Array.isArray(item))
      throw problem('MRT_REQUEST_MALFORMED', { reason: `/changes/${index}: { … }` });
    const sent = item as Readonly<Record<string, unknown>>;
    const change = readBody(sent, ['kind', 'name', 'base', 'document']);
    const kind = documentKind(change.text('kind'));
    if (kind === undefined) throw problem('MRT_REQUEST_MALFORMED', { reason: `/changes/${index}/kind` });
    if (sent['document'] === undefined)
      throw problem('MRT_REQUEST_MALFORMED', { reason: `/changes/${index}/document: { … } | null` });
    const base = change.optionalText('base');
    return {
      kind,
      name: change.text('name', 120),
      ...(base === undefined ? {} : { base }),
      document: storable(change.optionalObject('document') ?? null, index),
    };
  });
}

/** Documents are kept as JSON and their values as text: PostgreSQL can store NUL in neither. */
function storable<T>(document: T, index: number): T {
  if (JSON.stringify(document).includes('\\u0000'))
    throw problem('MRT_REQUEST_MALFORMED', { reason: `/changes/${index}/document: NUL` });
  return document;
}

/** `accept` of an apply. @throws MRT_REQUEST_MALFORMED */
export function acceptedRisks(body: Body): readonly Risk[] {
  if (!body.has('accept')) return [];
  return body.texts('accept').map((text) => {
    const risk = RISKS.find((each) => each === text);
    if (risk === undefined)
      throw problem('MRT_REQUEST_MALFORMED', { reason: `/accept: ${RISKS.join(' | ')}` });
    return risk;
  });
}

const MOST_DATA = 100;
const MEMBERS: Readonly<Record<DataChange['type'], readonly string[]>> = {
  convert: ['type', 'entity', 'field', 'mapping', 'otherwise'],
  fill: ['type', 'entity', 'field', 'value'],
  join: ['type', 'dictionary', 'from', 'to'],
  split: ['type', 'dictionary', 'from', 'to', 'entity', 'when'],
  purge: ['type', 'entity', 'field'],
  rounds: ['type', 'workflow', 'states', 'move'],
};

/** `data` of a plan or apply. @throws MRT_REQUEST_MALFORMED */
export function dataChanges(body: Body): readonly DataChange[] {
  if (!body.has('data')) return [];
  const data = body.list('data');
  if (data.length > MOST_DATA) throw problem('MRT_REQUEST_LIMIT', { max: MOST_DATA });
  return data.map((item, index) => dataChange(storable(item, index), index));
}

function dataChange(item: unknown, index: number): DataChange {
  const malformed = (reason: string): Error =>
    problem('MRT_REQUEST_MALFORMED', { reason: `/data/${index}${reason}` });
  if (typeof item !== 'object' || item === null || Array.isArray(item)) throw malformed(': { … }');
  const sent = item as Readonly<Record<string, unknown>>;
  const members = Object.hasOwn(MEMBERS, String(sent['type']))
    ? MEMBERS[sent['type'] as DataChange['type']]
    : undefined;
  if (!members) throw malformed(`/type: ${Object.keys(MEMBERS).join(' | ')}`);
  const body = readBody(sent, members);
  const optional: readonly string[] = [
    'mapping',
    'otherwise',
    'value',
    'states',
    'move',
    ...(sent['type'] === 'purge' ? ['field'] : []),
  ];
  for (const name of members) if (!optional.includes(name)) body.text(name, name === 'when' ? 4000 : 120);
  if (sent['type'] === 'purge') body.optionalText('field', 120);
  body.optionalObject('mapping');
  if (sent['type'] === 'rounds') {
    body.flag('move');
    for (const [region, states] of Object.entries(body.optionalObject('states') ?? {}))
      if (
        typeof states !== 'object' ||
        states === null ||
        Object.values(states).some((to) => typeof to !== 'string')
      )
        throw malformed(`/states/${region}: { "old": "new" }`);
  }
  if (sent['type'] === 'fill' && (sent['value'] === undefined || sent['value'] === null))
    throw malformed('/value');
  return sent as unknown as DataChange;
}
