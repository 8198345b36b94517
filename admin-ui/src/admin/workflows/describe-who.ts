import type { EntityView, RoleDocument, WhoDocument, WorkflowDocument } from '@mortise/core/contract';
import { text } from '../../locales';

/** What is needed to say an alternative in words. */
interface WhoWords {
  readonly roles: ReadonlyMap<string, RoleDocument>;
  readonly view: EntityView | undefined;
  readonly workflow: Pick<WorkflowDocument, 'regions'>;
  t(key: string, named?: Readonly<Record<string, unknown>>): string;
}

/** “Reviewer, of the department of the record or above it”: all that one alternative asks. */
export function describeWho(who: WhoDocument, { roles, view, workflow, t }: WhoWords): string {
  const fieldLabel = (path: string): string => {
    const [first = '', ...rest] = path.split('.');
    const label = text(view?.fields.find(({ name }) => name === first)?.label) || first;
    return [label, ...rest].join('.');
  };
  const transitionLabel = (name: string): string => {
    for (const { transitions } of Object.values(workflow.regions))
      if (transitions[name]) return text(transitions[name].label) || name;
    return name;
  };
  const join = (names: readonly string[]): string => names.join(t('admin.workflow.or'));
  const parts: string[] = [];
  if (who.roles) parts.push(join(Object.keys(who.roles).map((role) => text(roles.get(role)?.label) || role)));
  if (who.field !== undefined) parts.push(t('admin.workflow.who.isField', { field: fieldLabel(who.field) }));
  if (who.supervisorOf !== undefined)
    parts.push(t('admin.workflow.who.above', { field: fieldLabel(who.supervisorOf) }));
  if (who.unit) parts.push(t(`admin.workflow.who.unit.${who.unit}`));
  if (who.authorUnit) parts.push(t(`admin.workflow.who.authorUnit.${who.authorUnit}`));
  if (who.unitOf)
    parts.push(t(`admin.workflow.who.unitOf.${who.unitOf.within}`, { field: fieldLabel(who.unitOf.field) }));
  if (who.approverOf !== undefined)
    parts.push(t('admin.workflow.who.asked', { transition: transitionLabel(who.approverOf) }));
  if (who.stepBy)
    parts.push(
      t('admin.workflow.who.did', { transition: join(Object.keys(who.stepBy).map(transitionLabel)) }),
    );
  if (who.expr !== undefined) parts.push(t('admin.workflow.who.where', { condition: who.expr }));
  return parts.length === 0 ? t('admin.workflow.who.anybody') : parts.join(t('admin.workflow.and'));
}
