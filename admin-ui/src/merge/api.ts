import type { MergeAnswer } from '@mortise/core/contract';
import { api } from '../api/client';

/** What is asked of the server. */
export interface MergeRequest {
  readonly survivor: string;
  readonly records: readonly { readonly id: string; readonly version: number }[];
  /** Field → id of the record whose value is kept, or `unite`. */
  readonly choices: Readonly<Record<string, string>>;
  readonly reason?: string;
  readonly preview?: boolean;
}

/** Makes several records one; with `preview` only says what that would do. */
export function mergeRecords(entity: string, request: MergeRequest): Promise<MergeAnswer> {
  return api(`/records/${entity}/merge`, { method: 'POST', body: request });
}
