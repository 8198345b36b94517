/** One request to be repeated; `n` counts the repetitions, so that writes can differ. */
export type Shot = (n: number) => Promise<Response>;

export interface Figures {
  readonly requests: number;
  readonly perSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** Milliseconds of server CPU a request; null where unknown. */
  readonly cpu: number | null;
}

/** Fires `requests` shots over `connections` at once. A status over 299 ends the run: a benchmark of errors is none. */
export async function fire(
  shot: Shot,
  requests: number,
  connections: number,
  cpu: () => number | null,
): Promise<Figures> {
  const times: number[] = [];
  let next = 0;
  const before = cpu();
  const started = performance.now();
  await Promise.all(
    Array.from({ length: connections }, async () => {
      while (next < requests) {
        const n = next++;
        const from = performance.now();
        const answer = await shot(n);
        const text = await answer.text();
        if (!answer.ok) throw new Error(`${answer.url} answered ${answer.status}: ${text.slice(0, 300)}`);
        times.push(performance.now() - from);
      }
    }),
  );
  const seconds = (performance.now() - started) / 1000;
  const after = cpu();
  times.sort((a, b) => a - b);
  return {
    requests,
    perSecond: requests / seconds,
    p50: times[Math.floor(times.length * 0.5)] ?? 0,
    p99: times[Math.floor(times.length * 0.99)] ?? 0,
    cpu: before === null || after === null ? null : ((after - before) * 1000) / requests,
  };
}

/** Median of numbers; NaN for none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length === 0
    ? Number.NaN
    : sorted.length % 2 === 1
      ? (sorted[middle] as number)
      : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}
