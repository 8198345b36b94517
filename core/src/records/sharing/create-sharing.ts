import type { Context } from '../../context/context.ts';
import type { WriteScope } from '../write-scope.ts';
import { listShares, type ShareView } from './list-shares.ts';
import { revokeShare, shareRecord, type ShareRequest } from './share-record.ts';

/** Sharing of single records (SEC-07). */
export interface Sharing {
  list(context: Context, entity: string, id: string): Promise<readonly ShareView[]>;
  give(context: Context, entity: string, id: string, request: ShareRequest): Promise<{ readonly id: string }>;
  revoke(context: Context, entity: string, id: string, share: string): Promise<void>;
}

/** Makes it over the road to records. */
export function createSharing(scope: WriteScope): Sharing {
  return {
    list: (context, entity, id) => listShares(scope.db, scope.dictionaries, context, entity, id),
    give: (context, entity, id, request) => shareRecord(scope, context, entity, id, request),
    revoke: (context, entity, id, share) => revokeShare(scope, context, entity, id, share),
  };
}
