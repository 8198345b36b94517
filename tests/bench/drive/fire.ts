import type { Aim } from '../case.ts';
import type { HttpClient } from './http-client.ts';

/** What one window showed. */
export interface Fired {
  readonly requests: number;
  readonly seconds: number;
  /** Milliseconds of each request, ascending. */
  readonly times: readonly number[];
}

/** How long a window is and how wide. */
export interface Window {
  readonly requests: number;
  readonly seconds: number;
  readonly connections: number;
}

/** Fires shots over `connections` at once until `requests` are answered or `seconds` have passed. */
export async function fire(client: HttpClient, aim: Aim, first: number, window: Window): Promise<Fired> {
  const times: number[] = [];
  let sent = 0;
  const started = performance.now();
  const until = started + window.seconds * 1000;
  await Promise.all(
    Array.from({ length: window.connections }, async () => {
      while (sent < window.requests && (sent < window.connections || performance.now() < until)) {
        const shot = await aim(first + sent++);
        const from = performance.now();
        const text = await client.send(shot);
        times.push(performance.now() - from);
        shot.learn?.(JSON.parse(text));
      }
    }),
  );
  return {
    requests: times.length,
    seconds: (performance.now() - started) / 1000,
    times: times.sort((a, b) => a - b),
  };
}
