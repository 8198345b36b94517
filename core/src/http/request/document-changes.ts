import { problem } from '../../errors/catalogue.ts';
import { type DocumentKind, FOLDER_OF_KIND } from '../../model/documents.ts';
import type { DocumentChange, Risk } from '../contract.ts';
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
  const changes = body.list('changes');
  if (changes.length < 1 || changes.length > MOST_CHANGES)
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
