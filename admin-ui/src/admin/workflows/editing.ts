import type { EntityView, RoleDocument, RulesAnswer } from '@mortise/core/contract';
import type { InjectionKey, ComputedRef } from 'vue';
import type { ConditionFields } from '../fields/check-condition';
import type { WorkflowDraft } from './workflow-edit';

/** What the panels of a workflow read, beside the part they edit. */
interface Editing {
  readonly draft: ComputedRef<WorkflowDraft>;
  /** The entity, or for a workflow over all of them one that has its fields. */
  readonly view: ComputedRef<EntityView | undefined>;
  readonly scope: ComputedRef<ConditionFields>;
  readonly roles: ComputedRef<ReadonlyMap<string, RoleDocument>>;
  readonly offers: ComputedRef<RulesAnswer | undefined>;
  readonly transitions: ComputedRef<readonly { readonly name: string; readonly label: string }[]>;
  /** Fault at a JSON Pointer of the document. */
  fault(pointer: string): string | undefined;
  /** Faults at and below a pointer, by the rest of their path. */
  faultsBelow(pointer: string): ReadonlyMap<string, string>;
  /** Is this part of a lower layer than the site's? Such states stay. */
  isShipped(pointer: string): boolean;
}

export const EDITING: InjectionKey<Editing> = Symbol('editing');
