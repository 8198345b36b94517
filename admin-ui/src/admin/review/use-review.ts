import type { DataChange, DocumentChange, PlanAnswer, Risk } from '@mortise/core/contract';
import { computed, reactive, readonly, type ComputedRef, type DeepReadonly } from 'vue';
import { ApiProblem } from '../../api/client';
import { applyPlan, planChanges, refreshModel } from '../api/documents';

/** What is to be reviewed: `build` gives the changes, from documents read anew when `fresh`; `plan` plans by itself. */
export type ReviewRequest = { readonly title: string } & (
  | { build(fresh: boolean): Promise<readonly DocumentChange[]>; readonly data?: readonly DataChange[] }
  | { plan(note: string): Promise<PlanAnswer> }
);

/** `problem`: the changes are faulty, the caller shows where. */
type ReviewResult =
  | { readonly state: 'applied'; readonly version: number }
  | { readonly state: 'closed' }
  | { readonly state: 'unchanged' }
  | { readonly state: 'problem'; readonly problem: unknown };

interface ReviewState {
  open: boolean;
  title: string;
  plan: PlanAnswer | null;
  /** What was chosen for the stored values, e.g. to mend those that do not fit. */
  data: readonly DataChange[];
  /** The documents were changed by somebody else since they were read. */
  conflict: boolean;
  /** The plan shown differs from the one shown before the note was added. */
  renewed: boolean;
  problem: unknown;
  busy: boolean;
}

export interface Review {
  readonly state: DeepReadonly<ReviewState>;
  /** Risks of the plan that must be accepted one by one. */
  readonly risks: ComputedRef<readonly Risk[]>;
  /** Plans and shows; ends when the person has applied or gone back. */
  start(request: ReviewRequest): Promise<ReviewResult>;
  /** Plans again from documents read anew. */
  reload(): Promise<void>;
  /** Says what becomes of some stored values, in the place of what was said of the same field, and plans again. */
  mend(change: DataChange): Promise<void>;
  apply(note: string): Promise<void>;
  close(): void;
}

const OUTDATED: ReadonlySet<string> = new Set(['MRT_DOCUMENT_CONFLICT', 'MRT_PLAN_STALE']);
const isOutdated = (error: unknown): boolean => error instanceof ApiProblem && OUTDATED.has(error.code);

function isSameField(a: DataChange, b: DataChange): boolean {
  if (a.type === 'rounds') return b.type === 'rounds' && a.workflow === b.workflow;
  return a.type === b.type && 'field' in a && 'field' in b && a.entity === b.entity && a.field === b.field;
}

/** The way of every change of an administrator: plan, review, apply (DESIGN §4). Shown by `ReviewDialog`. */
export function useReview(): Review {
  const state = reactive<ReviewState>({
    open: false,
    title: '',
    plan: null,
    data: [],
    conflict: false,
    renewed: false,
    problem: null,
    busy: false,
  });
  let request: ReviewRequest | null = null;
  let planned: readonly DocumentChange[] = [];
  let settle: (result: ReviewResult) => void = () => undefined;

  async function makePlan(fresh: boolean): Promise<PlanAnswer> {
    if (request && 'build' in request) planned = await request.build(fresh);
    return planAgain('');
  }

  /** The same changes with another note. */
  async function planAgain(note: string): Promise<PlanAnswer> {
    return request && 'plan' in request ? request.plan(note) : planChanges(planned, note, state.data);
  }

  function end(result: ReviewResult): void {
    state.open = false;
    settle(result);
  }

  return {
    state: readonly(state),
    risks: computed(() => (state.plan?.risks ?? []).filter((risk) => risk !== 'none')),
    async start(next) {
      if (state.busy) return { state: 'closed' };
      request = next;
      Object.assign(state, {
        title: next.title,
        plan: null,
        data: 'build' in next ? (next.data ?? []) : [],
        conflict: false,
        renewed: false,
        problem: null,
        busy: true,
      });
      try {
        const plan = await makePlan(false);
        if (plan.plan.length === 0) return { state: 'unchanged' };
        state.plan = plan;
      } catch (error) {
        if (!isOutdated(error)) return { state: 'problem', problem: error };
        state.conflict = true;
      } finally {
        state.busy = false;
      }
      state.open = true;
      return new Promise<ReviewResult>((resolve) => {
        settle = resolve;
      });
    },
    async reload() {
      Object.assign(state, { busy: true, problem: null });
      try {
        const plan = await makePlan(true);
        Object.assign(state, { plan, conflict: false });
        if (plan.plan.length === 0) end({ state: 'unchanged' });
      } catch (error) {
        if (!isOutdated(error)) end({ state: 'problem', problem: error });
      } finally {
        state.busy = false;
      }
    },
    async mend(change) {
      if (state.busy) return;
      const before = state.data;
      Object.assign(state, { busy: true, problem: null });
      state.data = [...before.filter((each) => !isSameField(each, change)), change];
      try {
        state.plan = await planAgain('');
      } catch (error) {
        state.data = before;
        if (isOutdated(error)) state.conflict = true;
        else state.problem = error;
      } finally {
        state.busy = false;
      }
    },
    async apply(note) {
      const shown = state.plan;
      if (!shown || state.busy) return;
      Object.assign(state, { busy: true, problem: null, renewed: false });
      try {
        let plan = shown;
        if (note !== '') {
          // The note belongs to the plan; only what was shown may be applied.
          plan = await planAgain(note);
          if (JSON.stringify(plan.plan) !== JSON.stringify(shown.plan)) {
            Object.assign(state, { plan, renewed: true });
            return;
          }
        }
        const { version } = await applyPlan(plan.token);
        await refreshModel();
        end({ state: 'applied', version });
      } catch (error) {
        if (isOutdated(error)) state.conflict = true;
        else state.problem = error;
      } finally {
        state.busy = false;
      }
    },
    close: () => end({ state: 'closed' }),
  };
}
