import { problem } from '../../errors/catalogue.ts';

/**
 * The version in an `If-Match` header, `"3"` or `3`.
 * @throws MRT_RECORD_VERSION_REQUIRED (428) without one, MRT_REQUEST_MALFORMED (400) for anything else, `*` included:
 * a blind overwrite is what optimistic locking is there to prevent (DM-COM-11).
 */
export function versionOfIfMatch(header: string | undefined): number {
  if (header === undefined || header.trim() === '') throw problem('MRT_RECORD_VERSION_REQUIRED');
  const found = /^(?:W\/)?"(\d{1,9})"$|^(\d{1,9})$/.exec(header.trim());
  if (!found) throw problem('MRT_REQUEST_MALFORMED', { reason: 'If-Match: "<version>"' });
  return Number(found[1] ?? found[2]);
}

/** The `ETag` of a record's version. */
export function etagOfVersion(version: unknown): string {
  return `"${String(version)}"`;
}
