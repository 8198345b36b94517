import { setTimeout as sleep } from 'node:timers/promises';
import type { Server } from '../server.ts';

/** Waits until the server says that it is ready again; null when it does not within `limit` milliseconds. */
export async function msUntilReady(server: Server, limit: number): Promise<number | null> {
  const begun = performance.now();
  while (performance.now() - begun < limit) {
    const status = await fetch(`${server.address}/health/ready`, {
      signal: AbortSignal.timeout(20_000),
    }).then(
      (response) => response.status,
      () => 0,
    );
    if (status === 200) return Math.round(performance.now() - begun);
    await sleep(100);
  }
  return null;
}
