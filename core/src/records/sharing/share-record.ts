import { problem } from '../../errors/catalogue.ts';
import { scopeHolds, type ScopeSet } from '../../access/scope-set.ts';
import { shareName } from '../../access/compile-access.ts';
import type { Context } from '../../context/context.ts';
import { isUuid } from '../../fields/uuid.ts';
import type { EntityModel } from '../../model/model.ts';
import type { Row, Transaction } from '../../store/database.ts';
import { uuid7 } from '../../store/uuid7.ts';
import { lineEntity } from '../draft.ts';
import { denied, entityOf } from '../entity-of.ts';
import { historySql, SHARE_CHANGE, type Changes } from '../history-row.ts';
import { gateLoaded, loadRecord, type LoadedRecord } from '../load-record.ts';
import { namedStatement } from '../named-statement.ts';
import { StatementParameters } from '../statement-parameters.ts';
import type { ToldShare } from '../records.ts';
import { linesFields } from '../stored-columns.ts';
import { inTransaction, type WriteScope } from '../write-scope.ts';
import { checkTerm, granteeOf, type Grantee } from './grantee.ts';

/** Whom a record is shared with, how far and until when. */
export interface ShareRequest {
  readonly kind: 'user' | 'unit';
  /** The user or department. */
  readonly to: string;
  readonly level: 'read' | 'write';
  /** Last business date, or null for no end. */
  readonly until: string | null;
}

interface StoredShare extends Row {
  readonly id: string;
  readonly kind: 'user' | 'unit';
  readonly grantee: string;
  readonly level: 'read' | 'write';
  readonly until: string | null;
}

/**
 * Loads a record that the actor may share. What cannot be shared at all, and what he may not, he is told as of any
 * other action. @throws MRT_RECORD_NOT_FOUND, MRT_ACCESS_DENIED
 */
async function loadShared(
  tx: Transaction,
  context: Context,
  entity: EntityModel,
  id: string,
): Promise<LoadedRecord> {
  const loaded = await loadRecord(tx, context, entity, id.toLowerCase());
  gateLoaded(context, entity, loaded, 'share');
  if (entity.document.sharing !== true) throw denied(context, entity, 'share');
  if ((loaded.values['deleted_at'] ?? null) !== null)
    throw problem('MRT_RECORD_STATE', {
      reason: context.locale === 'en' ? 'it is in the recycle bin' : '记录在回收站中',
    });
  return loaded;
}

/**
 * Shares a record, or says anew how far and until when it is shared. A sharer gives no more than he has: to let
 * somebody change it he must be able to change it himself, and what he cannot see or change of it the share withholds.
 * @throws MRT_RECORD_NOT_FOUND, MRT_ACCESS_DENIED, MRT_RECORD_INVALID
 */
export async function shareRecord(
  scope: WriteScope,
  context: Context,
  entityName: string,
  id: string,
  request: ShareRequest,
): Promise<{ readonly id: string }> {
  const entity = entityOf(context, entityName);
  checkTerm(context, request);
  return await inTransaction(scope, undefined, async (tx) => {
    const loaded = await loadShared(tx, context, entity, id);
    const rights = context.access.compiled.entity(entity);
    const holds = (set: ScopeSet, asAbove = false): boolean =>
      asAbove
        ? scopeHolds(set, {}, context.access.parameters, loaded.values)
        : scopeHolds(set, loaded.values, context.access.parameters, loaded.up ?? undefined);
    if (!holds(rights.rows('read'))) throw denied(context, entity, 'read');
    if (request.level === 'write' && !holds(rights.rows('update'))) throw denied(context, entity, 'update');
    const grantee = await granteeOf(tx, context, request);
    const withheld = withheldBy(context, entity, holds);
    const [before] = await tx.query<StoredShare>({
      text: `SELECT id, kind, grantee, level, until FROM mortise.record_share WHERE entity = $1 AND record_id = $2::uuid AND grantee = $3::uuid`,
      values: [entity.name, loaded.values['id'], grantee.id],
    });
    const [row] = await tx.query<{ id: string }>({
      text: `INSERT INTO mortise.record_share (id, entity, record_id, kind, grantee, level, until, unread, unwritten, "by")
        VALUES ($1::uuid, $2, $3::uuid, $4, $5::uuid, $6, $7::date, $8::text[], $9::text[], $10::uuid)
        ON CONFLICT (entity, record_id, grantee) DO UPDATE SET level = excluded.level, until = excluded.until,
          unread = excluded.unread, unwritten = excluded.unwritten, "by" = excluded."by", at = now()
        RETURNING id`,
      values: [
        uuid7(),
        entity.name,
        loaded.values['id'],
        request.kind,
        grantee.id,
        request.level,
        request.until,
        withheld.unread,
        withheld.unwritten,
        actorOf(context),
      ],
    });
    const told = (share: Pick<StoredShare, 'level' | 'until'>): ToldShare => ({
      to: grantee.name,
      kind: request.kind,
      level: share.level,
      until: share.until,
    });
    await tell(tx, context, entity, loaded, 'share', before ? told(before) : null, told(request));
    return { id: row?.id ?? '' };
  });
}

/** Takes a share back. @throws MRT_RECORD_NOT_FOUND also where there is no such share, MRT_ACCESS_DENIED */
export async function revokeShare(
  scope: WriteScope,
  context: Context,
  entityName: string,
  id: string,
  share: string,
): Promise<void> {
  const entity = entityOf(context, entityName);
  if (!isUuid(share)) throw problem('MRT_RECORD_NOT_FOUND');
  await inTransaction(scope, undefined, async (tx) => {
    const loaded = await loadShared(tx, context, entity, id);
    const [gone] = await tx.query<StoredShare>({
      text: `DELETE FROM mortise.record_share WHERE id = $1::uuid AND entity = $2 AND record_id = $3::uuid RETURNING id, kind, grantee, level, until`,
      values: [share, entity.name, loaded.values['id']],
    });
    if (!gone) throw problem('MRT_RECORD_NOT_FOUND');
    const { name } = await granteeName(tx, context, gone);
    const { kind, level, until } = gone;
    await tell(tx, context, entity, loaded, 'unshare', { to: name, kind, level, until }, null);
  });
}

/** The person or department of a stored share, whatever has become of them. */
async function granteeName(tx: Transaction, context: Context, share: StoredShare): Promise<Grantee> {
  return await granteeOf(tx, context, { kind: share.kind, to: share.grantee }, false);
}

function actorOf(context: Context): string | null {
  return isUuid(context.actor.id) ? context.actor.id : null;
}

/** What the sharer cannot read, and what he cannot change, of the record and its lines. */
function withheldBy(
  context: Context,
  entity: EntityModel,
  holds: (set: ScopeSet, asAbove?: boolean) => boolean,
): { readonly unread: readonly string[]; readonly unwritten: readonly string[] } {
  const own = [...entity.fields.values()].map((field) => ({
    name: field.name,
    cell: context.access.compiled.entity(entity).field(field),
    holds,
  }));
  const ofLines = linesFields(entity).flatMap((lines) => {
    const of = lineEntity(context.model.entities, lines);
    return [...of.fields.values()].map((field) => ({
      name: shareName(entity, of, field),
      cell: context.access.compiled.entity(of).field(field),
      // The record is above its lines.
      holds: (set: ScopeSet) => holds(set, true),
    }));
  });
  const all = [...own, ...ofLines];
  const unread = all.filter(({ cell, holds: has }) => !has(cell.read)).map(({ name }) => name);
  const unwritten = all.filter(({ cell, holds: has }) => !has(cell.write)).map(({ name }) => name);
  return { unread, unwritten: [...new Set([...unread, ...unwritten])] };
}

/** The share in the history of the record; it is no new version of it. */
async function tell(
  tx: Transaction,
  context: Context,
  entity: EntityModel,
  loaded: LoadedRecord,
  action: 'share' | 'unshare',
  before: ToldShare | null,
  after: ToldShare | null,
): Promise<void> {
  const parameters = new StatementParameters();
  const changes: Changes = { [SHARE_CHANGE]: { old: before, new: after } };
  const text = historySql(parameters, context, entity, {
    id: String(loaded.values['id']),
    action,
    version: Number(loaded.values['version']),
    changes,
    options: undefined,
  });
  await tx.query(namedStatement(context, text, parameters.values));
}
