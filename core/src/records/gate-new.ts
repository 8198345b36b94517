import { hopeful, scopeHolds, type ScopeSet } from '../access/scope-set.ts';
import type { Context } from '../context/context.ts';
import type { GrantDocument } from '../model/documents.ts';
import type { Draft } from './draft.ts';
import { denied } from './entity-of.ts';
import { gateSentValues } from './write-gate.ts';

const asItIs = (set: ScopeSet): ScopeSet => set;

/** The new record must lie in the scope of the right to create (DESIGN §4: old and new row are gated). */
function gateRow(context: Context, draft: Draft, read: (set: ScopeSet) => ScopeSet): void {
  const set = read(context.access.compiled.entity(draft.entity).rows('create'));
  if (!scopeHolds(set, draft.values, context.access.parameters, draft.up ?? undefined))
    throw denied(context, draft.entity, 'create');
}

/**
 * What was sent, before defaults and hooks have been at it: conditions of roles are left open, for what they ask of
 * the record may still come. @throws MRT_ACCESS_DENIED, MRT_ACCESS_FIELD
 */
export function gateStarted(context: Context, draft: Draft): void {
  gateRow(context, draft, hopeful);
  gateSentValues(context, draft, hopeful);
}

/** Does the grant ask of the record what is only known when it is finished? */
function isOpen({ when, actions }: GrantDocument): boolean {
  return when !== undefined || actions.create === 'territory';
}

/** The record as it will be stored. @throws MRT_ACCESS_DENIED, MRT_ACCESS_FIELD */
export function gateFinished(context: Context, draft: Draft): void {
  gateRow(context, draft, asItIs);
  const { grants } = context.access.compiled.entity(draft.entity);
  if (grants.some(({ document }) => isOpen(document))) gateSentValues(context, draft);
}
