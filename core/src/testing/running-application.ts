import { fileURLToPath } from 'node:url';
import pino from 'pino';
import type { Application } from '../app/application.ts';
import { readConfig } from '../app/config.ts';
import { bindAccess } from '../access/bind-access.ts';
import { compileAccess } from '../access/compile-access.ts';
import type { Actor, Context } from '../context/context.ts';
import { createApplication } from '../app/create-application.ts';
import { systemContext } from '../app/create-context.ts';
import type {
  ListAnswer,
  ListRequest,
  ReadRequest,
  RecordData,
  TransitionRequest,
} from '../records/records.ts';
import type { OpenDatabase } from './databases.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** A person of one role, who reaches records as every user does: through the gate. */
export interface Person {
  readonly id: string;
  list(entity: string, request?: ListRequest): Promise<ListAnswer>;
  read(entity: string, id: string, request?: ReadRequest): Promise<RecordData>;
  create(entity: string, input: RecordData): Promise<RecordData>;
  /** Changes the record as it stands now. */
  update(entity: string, id: string, patch: RecordData): Promise<RecordData>;
  transition(entity: string, id: string, name: string, request?: TransitionRequest): Promise<RecordData>;
}

/** The real application on a database of its own: base, plugins, hooks and all. */
export interface RunningApplication {
  readonly app: Application;
  /** A new user of the roles, in the department of the administrator. */
  person(...roles: readonly string[]): Promise<Person>;
  /** Enables these plugins and disables all others, while running (PLG-03, PLG-06). */
  enableOnly(...plugins: readonly string[]): Promise<void>;
}

/**
 * Starts the application as `npm start` does, with the documents and plugins of the project, for tests of plugins
 * and of whole scenarios (PLG-08). The database goes with the suite that opened it.
 * @param root another folder with `metadata/`, `plugins/` and `package.json`
 */
export async function startApplication(open: OpenDatabase, root: string = ROOT): Promise<RunningApplication> {
  const config = readConfig({ MORTISE_ADMIN_PASSWORD: 'a-password-for-tests', MORTISE_UI: '0' }, root);
  const app = await createApplication(config, pino({ level: 'silent' }), open);
  const { administrator } = app;
  let people = 0;

  const contextOf = (actor: Actor): Context => {
    const model = app.changes.current();
    const below = (unit: string): readonly string[] => [unit];
    return {
      // As sample data the records of a test need not differ from each other (ENT-03).
      ...systemContext(model, actor, 'demo'),
      access: bindAccess(compileAccess(model, actor.roles), actor, { below }),
    };
  };

  return {
    app,
    async person(...roles) {
      people += 1;
      const username = `person-${people}`;
      const system = systemContext(app.changes.current(), administrator, 'api');
      const input = { username, display_name: username, roles, unit: administrator.unit };
      const id = String((await app.records.create(system, 'user', input))['id']);
      return personOf(
        app,
        () => contextOf({ id, username, displayName: username, unit: administrator.unit, roles }),
        id,
      );
    },
    async enableOnly(...plugins) {
      for (const { name, enabled } of app.changes.plugins()) {
        const wanted = plugins.includes(name);
        if (enabled !== wanted) await app.changes.setPlugin(administrator, name, wanted);
      }
    },
  };
}

function personOf({ records }: Application, context: () => Context, id: string): Person {
  const read = (entity: string, record: string, request?: ReadRequest) =>
    records.read(context(), entity, record, request);
  return {
    id,
    list: (entity, request = {}) => records.list(context(), entity, request),
    read,
    create: (entity, input) => records.create(context(), entity, input),
    update: async (entity, record, patch) => {
      const { version } = await read(entity, record, { fields: ['version'] });
      return await records.update(context(), entity, record, Number(version), patch);
    },
    transition: (entity, record, name, request = {}) =>
      records.transition(context(), entity, record, name, request),
  };
}
