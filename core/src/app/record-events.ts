import type { ServerEvent } from '../http/contract.ts';
import type { EventBus } from './event-bus.ts';

/** How long writes are collected, and how many of one entity are told one by one. */
const COLLECT_MS = 150;
const MOST = 20;

/** Tells open browsers of committed writes, a bulk load included, without drowning them. */
export interface RecordEvents {
  written(write: { readonly entity: string; readonly id: string }): void;
  stop(): void;
}

/** Collects writes and emits a `record` event each; of many at once only the first of each entity. */
export function createRecordEvents(events: EventBus<ServerEvent>): RecordEvents {
  let waiting = new Map<string, Set<string>>();
  let timer: NodeJS.Timeout | undefined;
  const flush = (): void => {
    const collected = waiting;
    waiting = new Map();
    timer = undefined;
    for (const [entity, ids] of collected)
      for (const id of ids) events.emit({ event: 'record', data: { entity, id } });
  };
  return {
    written({ entity, id }) {
      const ids = waiting.get(entity) ?? new Set<string>();
      waiting.set(entity, ids);
      if (ids.size < MOST) ids.add(id);
      timer ??= setTimeout(flush, COLLECT_MS);
    },
    stop() {
      clearTimeout(timer);
    },
  };
}
