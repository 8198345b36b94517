import { problem } from '../errors/catalogue.ts';
import type { Model } from '../model/model.ts';
import type { LoadedPlugin } from '../plugin/hook-runner.ts';
import { scopeOf } from '../plugin/hook-runner.ts';
import type { Records } from '../records/records.ts';
import type { Database } from '../store/database.ts';
import { failpoint } from '../store/failpoint.ts';
import { clockContext } from './acting.ts';
import { markDone, type ClaimedDelivery, type PluginPayload } from './outbox-store.ts';

const called = failpoint('outbox.called');

/** Calls an action of a plugin for an entry of the outbox, and marks the entry in the same transaction. */
export type PluginCaller = (delivery: ClaimedDelivery, payload: PluginPayload) => Promise<void>;

export interface PluginCallOptions {
  readonly db: Database;
  readonly plugins: readonly LoadedPlugin[];
  readonly records: () => Records;
  readonly model: () => Model;
  readonly clock: () => Date;
}

/**
 * What the action writes and the mark of its entry commit together: its records are written exactly once. What it
 * does outside of the database it must do by the idempotency key. @throws MRT_PLUGIN_ACTION
 */
export function createPluginCaller(options: PluginCallOptions): PluginCaller {
  return async (delivery, payload) => {
    const model = options.model();
    const plugin = options.plugins.find(({ name }) => name === payload.plugin);
    const action = plugin?.server.actions?.[payload.call];
    if (!plugin || !action || !model.plugins.includes(plugin.name))
      throw problem('MRT_PLUGIN_ACTION', { plugin: payload.plugin, action: payload.call });
    const now = options.clock();
    const acting = clockContext(model, { name: delivery.rule, label: payload.label }, payload.roles, now);
    const context = { ...acting, cause: { rule: delivery.rule, chain: payload.chain } };
    await options.db.transaction(async (tx) => {
      // Taken first: a node that was taken for dead waits here, and finds it done.
      if (!(await markDone(tx, delivery, now, null))) return;
      const scope = scopeOf(plugin, context, tx, options.records());
      const record =
        delivery.entity === null || delivery.record === null
          ? null
          : { entity: delivery.entity, id: delivery.record };
      await action.run(payload.input, { ...scope, record, idempotencyKey: delivery.id });
      called();
    });
  };
}
