import type { ShareView } from '@mortise/core/contract';
import { api } from '../api/client';

/** Whom a record is shared with; `until`: last day, null for no end. */
export interface ShareWish {
  readonly kind: 'user' | 'unit';
  readonly to: string;
  readonly level: 'read' | 'write';
  readonly until: string | null;
}

const path = (entity: string, id: string): string => `/records/${entity}/${encodeURIComponent(id)}/shares`;

/** The shares of a record, the newest first. */
export async function readShares(entity: string, id: string): Promise<readonly ShareView[]> {
  const { items } = await api<{ readonly items: readonly ShareView[] }>(path(entity, id));
  return items;
}

/** Shares a record, or says anew how far and until when. @throws ApiProblem */
export function giveShare(
  entity: string,
  id: string,
  { kind, to, level, until }: ShareWish,
): Promise<unknown> {
  return api(path(entity, id), { method: 'POST', body: { [kind]: to, level, until } });
}

/** Takes a share back. @throws ApiProblem */
export function revokeShare(entity: string, id: string, share: string): Promise<unknown> {
  return api(`${path(entity, id)}/${encodeURIComponent(share)}`, { method: 'DELETE' });
}
