import type { Application } from '../../app/application.ts';
import { problem } from '../../errors/catalogue.ts';
import { isDate } from '../../expression/calendar.ts';
import {
  FIGURE_GROUPS,
  figuredWorkflows,
  workflowFigures,
  type FiguredWorkflow,
  type WorkflowFigures,
} from '../../figures/workflow-figures.ts';
import { addDays, momentOf } from '../../workflow/business-time.ts';
import { signedIn } from '../call.ts';
import type { HttpRouter } from '../state.ts';

/** The clocks of a zone are not known for earlier days. */
const FIRST_DAY = '1900-01-01';

/**
 * `GET /api/v1/workflow-figures?entity=&workflow=&from=&to=&by=`: how long the steps of a workflow take (ENG-19);
 * `GET …/workflows`: which there are.
 */
export function register(router: HttpRouter, app: Application): void {
  router.get(
    '/api/v1/workflow-figures/workflows',
    signedIn(app, async ({ context, query }): Promise<{ readonly items: readonly FiguredWorkflow[] }> => {
      query([]);
      return { items: figuredWorkflows(context) };
    }),
  );

  router.get(
    '/api/v1/workflow-figures',
    signedIn(app, async ({ context, query }): Promise<WorkflowFigures> => {
      const sent = query(['entity', 'workflow', 'from', 'to', 'by']);
      const needed = (name: string): string => {
        const value = sent.text(name);
        if (value === undefined) throw problem('MRT_REQUEST_MALFORMED', { reason: name });
        return value;
      };
      const dayOf = (name: string): string => {
        const day = needed(name);
        if (!isDate(day) || day < FIRST_DAY)
          throw problem('MRT_REQUEST_MALFORMED', { reason: `${name}: YYYY-MM-DD, 1900–9999` });
        return day;
      };
      const { timeZone } = context;
      const [from, last] = [dayOf('from'), dayOf('to')];
      return await workflowFigures(app.db, context, {
        entity: needed('entity'),
        workflow: needed('workflow'),
        from: momentOf(from, '00:00', timeZone),
        to: momentOf(addDays(last, 1) ?? last, '00:00', timeZone),
        by: sent.oneOf('by', FIGURE_GROUPS) ?? 'none',
      });
    }),
  );
}
