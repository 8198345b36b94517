import type { Logger } from 'pino';
import type { Context } from '../context/context.ts';
import { Problem } from '../errors/problem.ts';
import type { BeforeWriteRunner } from '../records/hooks.ts';
import type { RecordData, Records } from '../records/records.ts';
import { dateInZone } from '../records/today.ts';
import type { Transaction } from '../store/database.ts';
import { type HookScope, type PluginServer, refuse, type ScopedRecords } from './api.ts';

/** The server part of an installed plugin. */
export interface LoadedPlugin {
  readonly name: string;
  readonly server: PluginServer;
  readonly settings: Readonly<Record<string, unknown>>;
}

/**
 * Runs the before-hooks of the plugins that the write's model has enabled, in dependency order; each sees the draft
 * with what those before it set. A hook that fails by itself refuses the write and names its plugin (PLG-05).
 * @param records asked for late: the records engine itself is built with this runner
 */
export function createHookRunner(
  plugins: readonly LoadedPlugin[],
  records: () => Records,
  log: Logger,
): BeforeWriteRunner {
  return {
    concerns: (entity, context) =>
      plugins.some(
        (plugin) =>
          plugin.server.hooks?.[entity]?.beforeWrite !== undefined &&
          context.model.plugins.includes(plugin.name),
      ),
    async run(event, context, tx) {
      let set: RecordData | undefined;
      for (const plugin of plugins) {
        const hook = plugin.server.hooks?.[event.entity]?.beforeWrite;
        if (!hook || !context.model.plugins.includes(plugin.name)) continue;
        const draft = set ? { ...event.draft, ...set } : event.draft;
        const scope = scopeOf(plugin, context, tx, records());
        try {
          const answer = checkAnswer(await hook({ ...event, draft }, scope));
          if (answer) set = { ...set, ...answer };
        } catch (error) {
          if (error instanceof Problem) throw error;
          log.error(
            { err: error, plugin: plugin.name, entity: event.entity, record: event.id },
            'a plugin hook failed',
          );
          throw refuse({
            'zh-CN': `插件“${plugin.name}”处理时出错,内容未保存。请联系管理员。`,
            en: `The plugin “${plugin.name}” failed and nothing was saved. Ask an administrator.`,
          });
        }
      }
      return set;
    },
  };
}

function checkAnswer(answer: unknown): RecordData | undefined {
  if (answer === undefined || answer === null) return undefined;
  if (typeof answer !== 'object' || Array.isArray(answer))
    throw new TypeError('beforeWrite must return an object or nothing');
  return answer as RecordData;
}

/** What a plugin's code reaches: records through the gate, in the transaction. */
export function scopeOf(
  plugin: LoadedPlugin,
  context: Context,
  tx: Transaction,
  records: Records,
): HookScope {
  const asPlugin: Context = context.cause ? context : { ...context, source: 'plugin' };
  const scoped: ScopedRecords = {
    list: (entity, request) => records.list(asPlugin, entity, request, tx),
    read: (entity, id, request) => records.read(asPlugin, entity, id, request, tx),
    create: (entity, input) => records.create(asPlugin, entity, input, {}, tx),
    update: (entity, id, version, patch) => records.update(asPlugin, entity, id, version, patch, {}, tx),
  };
  return {
    records: scoped,
    actor: { id: context.actor.id, unit: context.actor.unit },
    today: dateInZone(context.now, context.timeZone),
    settings: plugin.settings,
  };
}
