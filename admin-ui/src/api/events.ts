import type { ServerEvent } from '@mortise/core/contract';
import { keys } from './keys';
import { queryClient } from './query-client';

type EventName = ServerEvent['event'];
type DataOf<N extends EventName> = Extract<ServerEvent, { event: N }>['data'];

function parse<N extends EventName>(event: Event): DataOf<N> {
  return JSON.parse((event as MessageEvent<string>).data) as DataOf<N>;
}

/**
 * Listens to the server and makes stale what changed, so that a new field or value shows at once. Forms keep what
 * is typed: they hold their draft apart from these queries. Returns the function that stops listening.
 */
export function listenToServer(): () => void {
  const source = new EventSource('/api/v1/events');
  let opened = false;
  source.addEventListener('open', () => {
    // Whatever happened while the line was down is unknown: ask again.
    if (opened) {
      void queryClient.invalidateQueries({ queryKey: keys.model });
      void queryClient.invalidateQueries({ queryKey: keys.notifications });
    }
    opened = true;
  });
  source.addEventListener('metadata', () => {
    void queryClient.invalidateQueries({ queryKey: keys.model });
  });
  source.addEventListener('dictionary', (event) => {
    const { name } = parse<'dictionary'>(event);
    void queryClient.invalidateQueries({ queryKey: keys.dictionary(name) });
    void queryClient.invalidateQueries({ queryKey: keys.model, exact: true });
  });
  source.addEventListener('record', (event) => {
    const { entity } = parse<'record'>(event);
    void queryClient.invalidateQueries({ queryKey: keys.records(entity) });
  });
  source.addEventListener('notification', () => {
    void queryClient.invalidateQueries({ queryKey: keys.notifications });
    void queryClient.invalidateQueries({ queryKey: keys.todo });
  });
  return () => source.close();
}
