import { problem } from '../errors/catalogue.ts';
import type { Context } from '../context/context.ts';
import { gateLoaded, loadRecord } from '../records/load-record.ts';
import { uuid7 } from '../store/uuid7.ts';
import { clockContext } from './acting.ts';
import { performRun, type ClockOptions } from './clock-rules.ts';
import { isLive, ruleOfRun, standsIn } from './deadlines.ts';
import { readRun } from './run-list.ts';

/**
 * Does a failed run again, for the record as it stands now. It acts with the rights of the rule's roles, or of who
 * asks where the rule has none. @returns the id of the new run
 * @throws MRT_RULE_UNKNOWN, MRT_RULE_NOT_RUN, and what its actions throw
 */
export async function retryRun(options: ClockOptions, context: Context, id: string): Promise<string> {
  const { db } = options;
  const old = await readRun(db, id);
  const refuse = (zh: string, en: string): never => {
    throw problem('MRT_RULE_NOT_RUN', { reason: context.locale === 'en' ? en : zh });
  };
  if (!old) throw problem('MRT_RULE_UNKNOWN');
  if (old.state !== 'failed') refuse('它没有失败', 'it has not failed');
  if (old.retriedBy !== null) refuse('已经重试过', 'it was tried again already');
  const rule = ruleOfRun(context.model, old.rule, old.entity);
  if (!rule) return refuse('规则已停用或不存在', 'the rule is switched off or gone');
  const { document } = rule;
  const roles = Object.keys(document.roles ?? {});
  const acting =
    roles.length > 0
      ? clockContext(context.model, document, roles, context.now)
      : { ...context, source: 'rule' as const };
  const newId = uuid7();
  await db.transaction(async (tx) => {
    const taken = await tx.query({
      text: 'update mortise.rule_run set retried_by = $2::uuid where id = $1::uuid and retried_by is null returning id',
      values: [old.id, newId],
    });
    if (taken.length === 0) refuse('已经重试过', 'it was tried again already');
    const { entity } = rule;
    const loaded = entity && old.record !== null ? await loadRecord(tx, acting, entity, old.record) : null;
    if (entity && old.record !== null) gateLoaded(acting, entity, loaded, 'read');
    const isTimed = document.trigger.on === 'date' || document.trigger.on === 'schedule';
    if (loaded && isTimed && !isLive(loaded.values))
      refuse('记录已作废或在回收站中', 'the record is void or in the recycle bin');
    if (loaded && !standsIn(context.model, old.rule, loaded.values))
      refuse('记录已不在该状态', 'the record does not stand in that state any more');
    const record =
      entity && loaded ? { entity, values: loaded.values, previous: loaded.values, at: '' } : null;
    const done = await performRun(
      options,
      rule,
      acting,
      record,
      {
        id: newId,
        rule: document.name,
        label: document.label,
        trigger: 'retry',
        entity: entity?.name ?? null,
        record: old.record,
        state: 'done',
        at: context.now,
        by: context.actor.id,
        fireKey: null,
        actions: [],
        error: null,
      },
      tx,
    );
    if (!done) refuse('条件已不成立', 'its condition does not hold any more');
  });
  return newId;
}
