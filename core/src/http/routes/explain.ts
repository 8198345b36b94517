import type { Application } from '../../app/application.ts';
import type { Context } from '../../context/context.ts';
import { problem } from '../../errors/catalogue.ts';
import { Problem } from '../../errors/problem.ts';
import { explainAccess, explainFunction } from '../../explain/explain-access.ts';
import type { Subject } from '../../explain/judge.ts';
import { loadSubject, loadSubjects } from '../../explain/load-subjects.ts';
import { loadFacts, type RecordFacts } from '../../explain/record-facts.ts';
import { whoMay } from '../../explain/who-may.ts';
import type { RecordAction } from '../../model/documents.ts';
import type { EntityModel, FieldModel } from '../../model/model.ts';
import { queryProblem } from '../../records/query-problem.ts';
import { signedIn } from '../call.ts';
import type { HttpRouter } from '../state.ts';

const ACTIONS: readonly RecordAction[] = [
  'query',
  'read',
  'create',
  'update',
  'void',
  'delete',
  'restore',
  'print',
  'export',
  'transition',
  'share',
];
/** A field has a level for these; other actions take the record whole. */
const OF_FIELDS: ReadonlySet<RecordAction> = new Set(['query', 'read', 'create', 'update']);
export const ASKERS = ['users.configure', 'audit.read'] as const;
const FUNCTION = /^function:([a-z*][\w.*-]{0,99})$/;

/**
 * `GET /api/v1/access/explain?user=&action=&entity=&id=&field=` says why a user may or may not do something;
 * `GET /api/v1/access/who?entity=&id=` who may see a record (DESIGN §5, §12, SEC-04). About others only with
 * `users.configure` or `audit.read`, and only of records that the asker sees himself.
 */
export function register(router: HttpRouter, app: Application): void {
  router.get(
    '/api/v1/access/explain',
    signedIn(app, async ({ context, query }) => {
      const sent = query(['user', 'action', 'entity', 'id', 'field', 'parent']);
      const subject = await subjectOf(app, context, sent.text('user') || context.actor.id);
      const action = sent.text('action') ?? '';
      const asked = FUNCTION.exec(action)?.[1];
      if (asked !== undefined) {
        for (const name of ['entity', 'id', 'field', 'parent'])
          if (sent.text(name) !== undefined)
            throw problem('MRT_REQUEST_MALFORMED', { reason: `function: | ${name}` });
        return explainFunction(context.model, subject, asked, context.locale);
      }
      const known = ACTIONS.find((each) => each === action);
      if (!known)
        throw problem('MRT_REQUEST_MALFORMED', { reason: `action: ${ACTIONS.join(' | ')} | function:…` });
      const entity = entityNamed(context, sent.text('entity') ?? '');
      const name = sent.text('field');
      const field = name === undefined ? null : fieldNamed(context, entity, known, name);
      const facts = await factsFor(app, context, entity, known, sent.text('id'), sent.text('parent'));
      return explainAccess(context.model, subject, { action: known, entity, field, facts }, context.locale);
    }),
  );

  router.get(
    '/api/v1/access/who',
    signedIn(
      app,
      async ({ context, query }) => {
        const sent = query(['entity', 'id', 'limit', 'offset']);
        const entity = entityNamed(context, sent.text('entity') ?? '');
        const limit = sent.integer('limit', 1, 1000) ?? 50;
        const offset = sent.integer('offset', 0, 10_000_000) ?? 0;
        const facts = await factsOf(app, context, entity, sent.text('id') ?? '');
        const subjects = await loadSubjects(app, context);
        const items = whoMay(context.model, entity, facts, subjects, context.locale);
        return { items: items.slice(offset, offset + limit), total: items.length };
      },
      { function: ASKERS },
    ),
  );
}

function mayAskAboutOthers(context: Context): boolean {
  return ASKERS.some((name) => context.access.mayUse(name));
}

/** @throws MRT_ACCESS_FUNCTION about another without the right, MRT_USER_UNKNOWN also for one the asker cannot see */
export async function subjectOf(app: Application, context: Context, asked: string): Promise<Subject> {
  const id = asked.toLowerCase();
  if (id !== context.actor.id) {
    if (!mayAskAboutOthers(context)) throw problem('MRT_ACCESS_FUNCTION', { function: ASKERS[0] });
    try {
      await app.records.read(context, 'user', id, { fields: ['id'] });
    } catch (error) {
      if (error instanceof Problem && error.code === 'MRT_RECORD_NOT_FOUND')
        throw problem('MRT_USER_UNKNOWN');
      throw error;
    }
  }
  const subject = await loadSubject(app, context, id);
  if (!subject) throw problem('MRT_USER_UNKNOWN');
  return subject;
}

function entityNamed(context: Context, name: string): EntityModel {
  const entity = context.model.entities.get(name);
  if (!entity) throw problem('MRT_ENTITY_UNKNOWN', { entity: name });
  return entity;
}

/** A field that the asker can never see stays unknown to him, unless he looks after the rights of others. */
function fieldNamed(context: Context, entity: EntityModel, action: RecordAction, name: string): FieldModel {
  if (!OF_FIELDS.has(action))
    throw problem('MRT_REQUEST_MALFORMED', { reason: `field: action = ${[...OF_FIELDS].join(' | ')}` });
  const field = entity.fields.get(name);
  const cell = field && context.access.compiled.entity(entity).field(field);
  const shown = cell && cell.read.length + cell.masked.length > 0;
  if (!field || !(shown || mayAskAboutOthers(context)))
    throw queryProblem('MRT_QUERY_FIELD_UNKNOWN', { entity: entity.name, field: name }, '/field');
  return field;
}

async function factsFor(
  app: Application,
  context: Context,
  entity: EntityModel,
  action: RecordAction,
  id: string | undefined,
  parent: string | undefined,
): Promise<RecordFacts | null> {
  if (action !== 'create') {
    if (parent !== undefined) throw problem('MRT_REQUEST_MALFORMED', { reason: 'parent: action = create' });
    return id === undefined ? null : await factsOf(app, context, entity, id);
  }
  if (id !== undefined) throw problem('MRT_REQUEST_MALFORMED', { reason: 'id: action ≠ create' });
  if (parent === undefined) return null;
  const above = entity.parent ? context.model.entities.get(entity.parent.entity) : undefined;
  if (!above) throw problem('MRT_REQUEST_MALFORMED', { reason: `parent: “${entity.name}”` });
  const facts = await factsOf(app, context, above, parent);
  // A new line lies where the record above it lies.
  return { id: facts.id, row: {}, up: facts.up ?? facts.row, deleted: facts.deleted };
}

/** @throws MRT_RECORD_NOT_FOUND for what the asker himself may not see */
async function factsOf(
  app: Application,
  context: Context,
  entity: EntityModel,
  id: string,
): Promise<RecordFacts> {
  await app.records.read(context, entity.name, id, { fields: ['id'] });
  const facts = await loadFacts(app.db, context.model, entity, id);
  if (!facts) throw problem('MRT_RECORD_NOT_FOUND');
  return facts;
}
