import { hashOf } from './merge-layers.ts';
import type { AutomationRuleDocument } from './rule-document.ts';

/** By which trigger over which records the clock of a rule has come as far as it has: under another one it begins anew. */
export function clockMark({ trigger, entity }: Pick<AutomationRuleDocument, 'trigger' | 'entity'>): string {
  return hashOf([trigger, entity]);
}
