import { loadSubject } from '../../explain/load-subjects.ts';
import type { Subject } from '../../explain/judge.ts';
import { problem } from '../../errors/catalogue.ts';
import { isUuid } from '../../fields/uuid.ts';
import type { TrialRequest, TrialStep } from '../../trial/trial.ts';
import { tryWorkflow } from '../../trial/try-workflow.ts';
import { actorOf } from '../../audit/actor-of.ts';
import type { Application } from '../../app/application.ts';
import { signedIn } from '../call.ts';
import { readBody } from '../request/body.ts';
import { documentChanges } from '../request/document-changes.ts';
import { requireConfigure } from '../request/document-rights.ts';
import type { HttpRouter } from '../state.ts';
import { subjectOf } from './explain.ts';

const STARTS = ['kept', 'moved', 'fresh'] as const;
/** Longer walks than any process has steps. */
const MOST_STEPS = 50;

/**
 * `POST /api/v1/workflows/try` {changes?, workflow, entity, record? | values?, from?, steps?, user?}: walks a record
 * through a workflow, applied or not, as certain people; nothing is written (ENG-10). About others only for who may
 * ask about their rights.
 */
export function register(router: HttpRouter, app: Application): void {
  router.post(
    '/api/v1/workflows/try',
    signedIn(
      app,
      async ({ context, body }) => {
        const request = trialRequest(body, context.actor.id);
        requireConfigure(
          context,
          request.changes.map(({ kind }) => kind),
        );
        const people = new Map<string, Subject>();
        const own = await loadSubject(app, context, context.actor.id);
        if (own) people.set(own.id, own);
        for (const user of new Set([request.user, ...request.steps.map((step) => step.user)]))
          if (!people.has(user)) people.set(user, await subjectOf(app, context, user));
        await app.security.note({
          ...actorOf(context),
          kind: 'workflow-trial',
          entity: request.entity,
          records: request.record !== null && isUuid(request.record) ? [request.record] : [],
          detail: {
            workflow: request.workflow,
            isDraft: request.changes.length > 0,
            steps: request.steps.map(
              ({ user, transition }) => `${transition} (${people.get(user)!.displayName})`,
            ),
          },
        });
        return await tryWorkflow(app.trials, context, people, request);
      },
      { function: 'metadata.configure' },
    ),
  );
}

/** @throws MRT_REQUEST_MALFORMED, MRT_REQUEST_LIMIT */
function trialRequest(sent: Readonly<Record<string, unknown>>, me: string): TrialRequest {
  const body = readBody(sent, ['changes', 'workflow', 'entity', 'record', 'values', 'from', 'steps', 'user']);
  const from = body.optionalText('from') ?? 'kept';
  const start = STARTS.find((each) => each === from);
  if (start === undefined) throw problem('MRT_REQUEST_MALFORMED', { reason: `/from: ${STARTS.join(' | ')}` });
  const steps = body.has('steps') ? body.list('steps') : [];
  if (steps.length > MOST_STEPS) throw problem('MRT_REQUEST_LIMIT', { max: MOST_STEPS });
  const record = body.optionalText('record', 40) ?? null;
  const values = body.optionalObject('values');
  if ((record === null) === (values === undefined))
    throw problem('MRT_REQUEST_MALFORMED', { reason: '/record | /values' });
  return {
    changes: body.has('changes') && body.list('changes').length > 0 ? documentChanges(body) : [],
    workflow: body.text('workflow', 120),
    entity: body.text('entity', 120),
    record,
    values: values ?? {},
    from: start,
    steps: steps.map((step, index) => trialStep(step, index)),
    user: (body.optionalText('user', 40) ?? me).toLowerCase(),
  };
}

function trialStep(sent: unknown, index: number): TrialStep {
  if (typeof sent !== 'object' || sent === null || Array.isArray(sent))
    throw problem('MRT_REQUEST_MALFORMED', { reason: `/steps/${index}: { … }` });
  const step = readBody(sent as Readonly<Record<string, unknown>>, [
    'user',
    'transition',
    'input',
    'opinion',
  ]);
  const input = step.optionalObject('input');
  const opinion = step.optionalText('opinion', 2000);
  return {
    user: step.text('user', 40).toLowerCase(),
    transition: step.text('transition', 120),
    ...(input ? { input } : {}),
    ...(opinion === undefined ? {} : { opinion }),
  };
}
