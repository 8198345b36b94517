import { problem } from '../errors/catalogue.ts';
import type { PlanAnswer, Risk } from '../http/contract.ts';
import { sentence } from './change-text.ts';
import type { Prepared } from './prepare-change.ts';

/** Risks that need no consent: at worst somebody waits a moment. */
const HARMLESS: ReadonlySet<Risk> = new Set(['none', 'locks']);

/** A prepared change as the administrator sees it. */
export function planAnswer(prepared: Prepared, token: string): PlanAnswer {
  const restored = prepared.operations.filter(({ operation }) => operation === 'field.restore');
  const nothing = prepared.next === null && prepared.operations.length === 0;
  return {
    ready: prepared.faults.length === 0,
    plan: prepared.operations,
    risks: risksOf(prepared),
    sql: prepared.sql,
    warnings: [
      ...restored.map(({ text }) => text),
      ...prepared.warnings,
      ...(nothing ? [sentence('没有任何变化。', 'Nothing would change.')] : []),
    ],
    token,
  };
}

function risksOf(prepared: Prepared): Risk[] {
  return [...new Set(prepared.operations.map(({ risk }) => risk))].filter((risk) => risk !== 'none');
}

/** @throws MRT_PLAN_REFUSED while records are in the way */
export function checkFaults({ faults }: Prepared): void {
  if (faults.length > 0) throw problem('MRT_PLAN_REFUSED', {}, faults);
}

/** @throws MRT_PLAN_REFUSED while records are in the way; MRT_PLAN_RISK with the plan, when a risk is not among the accepted ones */
export function checkRisks(prepared: Prepared, accepted: readonly Risk[]): void {
  checkFaults(prepared);
  const open = risksOf(prepared).filter((risk) => !HARMLESS.has(risk) && !accepted.includes(risk));
  if (open.length === 0) return;
  throw problem('MRT_PLAN_RISK', { risks: open.join(', ') }, [], { risks: open, plan: prepared.operations });
}
