import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Application } from '../app/application.ts';
import type { StatementMeter } from '../store/statement-meter.ts';
import { createHttpMeter, type HttpMeter } from './http-meter.ts';

/** What is measured of a running process, and how a scraper reads it. */
export interface Metrics {
  readonly http: HttpMeter;
  readonly statement: StatementMeter;
  /** A stream of server-sent events was opened; gives what tells its end. */
  stream(): () => void;
  /** The text that Prometheus reads; asks the database for the number of sessions. */
  text(app: Application): Promise<string>;
  readonly contentType: string;
}

const MS = 0.001;

/** The metrics of one application, in a registry of their own. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const statements = new Histogram({
    name: 'mortise_db_statement_duration_seconds',
    help: 'Time of SQL statements, without the wait for a connection',
    buckets: [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10],
    registers,
  });
  // Looked up once: each statement of each request comes by here.
  const statement = statements.labels();
  const failures = new Counter({
    name: 'mortise_db_statement_errors_total',
    help: 'SQL statements that the database refused or that were lost',
    registers,
  });
  const gauge = (name: string, help: string): Gauge => new Gauge({ name, help, registers });
  const connections = gauge('mortise_db_connections', 'Open connections of the pool');
  const idle = gauge('mortise_db_connections_idle', 'Connections of the pool that nobody uses');
  const waiting = gauge('mortise_db_connections_waiting', 'Requests that wait for a connection');
  const sessions = gauge('mortise_sessions', 'Live sessions of the installation');
  const pending = gauge(
    'mortise_duplicate_keys_pending',
    'Records whose keys of duplicates are to be made anew',
  );
  const unsearched = gauge(
    'mortise_search_keys_pending',
    'Records whose keys of the search box are to be made anew',
  );
  const streams = gauge('mortise_event_streams', 'Open streams of server-sent events');
  const model = gauge('mortise_model_version', 'Version of the model of this process');
  const ready = gauge('mortise_ready', '1 when the process takes requests, else 0');

  return {
    http: createHttpMeter(registry),
    statement(ms, failed) {
      statement.observe(ms * MS);
      if (failed) failures.inc();
    },
    stream() {
      streams.inc();
      return () => streams.dec();
    },
    contentType: registry.contentType,
    async text(app) {
      const pool = app.db.load();
      connections.set(pool.open);
      idle.set(pool.idle);
      waiting.set(pool.waiting);
      model.set(app.changes.current().version);
      const state = await app.health();
      ready.set(state.ready ? 1 : 0);
      if (!state.reasons.includes('database')) {
        const [row] = await app.db.query<{ sessions: string; pending: string; unsearched: string }>({
          name: 'mortise_metrics',
          text: `select (select count(*) from mortise.session where expires_at > now()) as sessions,
            (select count(*) from mortise.duplicate_pending) as pending,
            (select count(*) from mortise.search_pending) as unsearched`,
        });
        sessions.set(Number(row?.sessions));
        pending.set(Number(row?.pending));
        unsearched.set(Number(row?.unsearched));
      }
      return await registry.metrics();
    },
  };
}
