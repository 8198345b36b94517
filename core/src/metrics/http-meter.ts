import { Histogram, type Registry } from 'prom-client';

/** Counts one answered request. `route` is a pattern, never an address. */
export type HttpMeter = (method: string, route: string, status: number, ms: number) => void;

const VERBS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PATCH', 'PUT', 'DELETE', 'OPTIONS']);

/** Counts requests by verb, route and status, with their time. Each series is looked up by labels only once. */
export function createHttpMeter(registry: Registry): HttpMeter {
  const requests = new Histogram({
    name: 'mortise_http_request_duration_seconds',
    help: 'Answered HTTP requests by verb, route and status',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: [0.005, 0.02, 0.05, 0.1, 0.3, 1, 3, 10],
    registers: [registry],
  });
  const series = new Map<string, ReturnType<typeof requests.labels>>();
  return (verb, route, status, ms) => {
    // A client may send any word for a verb: it must not make a series each.
    const method = VERBS.has(verb) ? verb : 'other';
    const key = `${method} ${status} ${route}`;
    let child = series.get(key);
    if (child === undefined) series.set(key, (child = requests.labels(method, route, String(status))));
    child.observe(ms / 1000);
  };
}
