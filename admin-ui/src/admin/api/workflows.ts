import type { DocumentChange, TrialAnswer, TrialStep } from '@mortise/core/contract';
import { api } from '../../api/client';

/** What is tried: a record as it is, taken over or begun anew, or one made of values. */
interface Trial {
  readonly changes: readonly DocumentChange[];
  readonly workflow: string;
  readonly entity: string;
  readonly record?: string;
  readonly values?: Readonly<Record<string, unknown>>;
  readonly from: 'kept' | 'moved' | 'fresh';
  readonly steps: readonly TrialStep[];
  readonly user: string;
}

/** Walks a record through a workflow; nothing is written. @throws ApiProblem MRT_DOCUMENT_INVALID, MRT_TRIAL_RECORD */
export const tryWorkflow = (trial: Trial): Promise<TrialAnswer> =>
  api('/workflows/try', { method: 'POST', body: trial });
