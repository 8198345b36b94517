import { checkModel } from './check-model.ts';
import { checkRecords } from './check-records.ts';
import { type Client, signIn } from './client.ts';
import { DOCUMENTS, ORDER } from './documents.ts';
import { createInstallation, type Engine, type Installation } from './installation.ts';
import { Ledger } from './ledger.ts';
import type { Options } from './options.ts';
import { type Server, startServer } from './server.ts';

/** One installation under torture with everything that is known of it from outside. */
export interface Bench {
  readonly engine: Engine;
  readonly options: Options;
  readonly installation: Installation;
  readonly ledger: Ledger;
  readonly client: Client;
  /** Starts a server on it. @param url another road to the database */
  start(more?: {
    readonly url?: string;
    readonly environment?: Readonly<Record<string, string>>;
  }): Promise<Server>;
  /** Sends again what was never answered: a client's own id makes that harmless. */
  resend(server: Server): Promise<void>;
  /** What is wrong with the database. No server may run on the embedded engine. */
  check(): Promise<string[]>;
  remove(): Promise<void>;
}

/** Makes an installation, starts it once and gives it the documents of the harness. */
export async function createBench(
  engine: Engine,
  options: Options,
  place?: Parameters<typeof createInstallation>[1],
): Promise<Bench> {
  const installation = await createInstallation(engine, place);
  const ledger = new Ledger();
  let server: Server | undefined;
  try {
    server = await startServer(installation.environment());
    const client = await signIn(server.address);
    const made = await client.send('POST', 'metadata/apply', {
      changes: DOCUMENTS,
      note: 'documents of the harness',
      accept: ['none', 'locks'],
    });
    if (made.kind === 'lost' || made.status !== 200)
      throw new Error(`the documents were refused: ${JSON.stringify(made)}`);
    await server.stop();
    return {
      engine,
      options,
      installation,
      ledger,
      client,
      start: ({ url, environment } = {}) => startServer({ ...installation.environment(url), ...environment }),
      resend: (at) => resend(client.at(at.address), ledger),
      async check() {
        const db = await installation.open();
        try {
          const { model, faults } = await checkModel(db, ledger);
          return [
            ...ledger.faults.splice(0),
            ...faults,
            ...(model ? await checkRecords(db, model, ledger) : []),
          ];
        } finally {
          await db.close();
        }
      },
      remove: () => installation.remove(),
    };
  } catch (error) {
    await server?.kill();
    await installation.remove();
    throw error;
  }
}

async function resend(client: Client, ledger: Ledger): Promise<void> {
  for (const [id, values] of ledger.pending) {
    const outcome = await client.send('POST', `records/${ORDER}`, values);
    if (outcome.kind === 'answer' && outcome.status === 201)
      ledger.acknowledge(
        { id, version: Number(outcome.body['version']), action: 'create', values },
        outcome.body['code'],
      );
    else
      ledger.faults.push(
        `the create of ${id}, sent again, was answered ${outcome.kind === 'lost' ? outcome.reason : `${outcome.status} ${JSON.stringify(outcome.body)}`}`,
      );
  }
}
