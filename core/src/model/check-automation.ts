import type { Fault } from '../errors/problem.ts';
import type { ExpressionType } from '../expression/index.ts';
import { expressionFaults, expressionTypeOf, typeAt } from './check-expressions.ts';
import type { CheckScope } from './check-scope.ts';
import { docFault } from './doc-fault.ts';
import { orderFaults, unknown } from './order-faults.ts';
import { pointer } from './pointer.ts';
import type { AutomationActionDocument, AutomationDocument } from './rule-document.ts';

type Member = keyof AutomationActionDocument;

/** What each action must say, and what it may say besides `when` and `after`. */
const MEMBERS: Readonly<
  Record<
    AutomationActionDocument['action'],
    { readonly needs: readonly Member[]; readonly takes: readonly Member[] }
  >
> = {
  set: { needs: ['values'], takes: [] },
  create: { needs: ['entity', 'values'], takes: [] },
  transition: { needs: ['transition'], takes: ['values', 'opinion'] },
  notify: { needs: ['to', 'message'], takes: [] },
  webhook: { needs: ['url', 'secret'], takes: ['values', 'timeoutSeconds'] },
  plugin: { needs: ['plugin', 'call'], takes: ['values'] },
};
const ALWAYS: readonly string[] = ['action', 'when', 'after'];

/** Where actions stand: the record they are about, or none. */
export interface AutomationPlace {
  readonly entity: string | null;
  /** It is started by the clock: there is no person whose rights it could act with. */
  readonly byClock: boolean;
}

/** Faults of members that a kind of trigger or action needs or does not know. */
export function memberFaults(
  document: object,
  needs: readonly string[],
  takes: readonly string[],
  at: string,
): Fault[] {
  const missing = needs.filter((name) => !(name in document));
  const foreign = Object.keys(document).filter((name) => !needs.includes(name) && !takes.includes(name));
  return [
    ...missing.map((name) => docFault(`${at}/${name}`, 'MRT_DOC_REQUIRED', '必填', 'it is required here')),
    ...foreign.map((name) =>
      docFault(`${at}/${name}`, 'MRT_DOC_UNKNOWN_KEYWORD', '此处无意义', 'it has no meaning here'),
    ),
  ];
}

/** What a rule or a deadline says of roles, fields, transitions and values. */
export function automationFaults(
  document: AutomationDocument,
  { entity, byClock }: AutomationPlace,
  scope: CheckScope,
  at: string,
): Fault[] {
  const faults = orderFaults(document.actions, `${at}/actions`);
  const roles = Object.keys(document.roles ?? {});
  for (const role of roles)
    if (!scope.get('role', role)) faults.push(unknown(pointer(`${at}/roles`, role), role));
  const entries = Object.entries(document.actions);
  const needsRoles = byClock || entries.some(([, { action }]) => action === 'plugin');
  if (needsRoles && roles.length === 0)
    faults.push(
      docFault(
        `${at}/roles`,
        'MRT_DOC_REQUIRED',
        '定时执行或调用插件时须指定角色',
        'what the clock starts, and what calls a plugin, must say with the rights of which roles it acts',
      ),
    );
  if (entries.length === 0)
    faults.push(docFault(`${at}/actions`, 'MRT_DOC_REQUIRED', '至少一个动作', 'give at least one action'));
  for (const [name, action] of entries)
    faults.push(...actionFaults(action, entity, scope, pointer(`${at}/actions`, name)));
  return faults;
}

function actionFaults(
  action: AutomationActionDocument,
  entity: string | null,
  scope: CheckScope,
  at: string,
): Fault[] {
  const { needs, takes } = MEMBERS[action.action];
  const faults = memberFaults(action, needs, [...takes, ...ALWAYS], at);
  if (faults.length > 0) return faults;
  const check = (source: string, where: string, wanted: ExpressionType | null): void => {
    faults.push(...expressionFaults(source, where, wanted, recordTypeAt(entity, scope)));
  };
  if (action.when !== undefined) check(action.when, `${at}/when`, 'bool');
  if (action.opinion !== undefined) check(action.opinion, `${at}/opinion`, 'string');
  if (entity === null && ['set', 'transition', 'notify'].includes(action.action))
    return [
      ...faults,
      docFault(`${at}/action`, 'MRT_DOC_REQUIRED', '须有实体', 'there is no record to change'),
    ];
  if (action.action === 'transition' && !scope.transitions(entity ?? '').has(action.transition ?? ''))
    faults.push(unknown(`${at}/transition`, `${entity}: ${action.transition}`));
  for (const path of Object.keys(action.to ?? {})) {
    const def = scope.fieldAt(entity ?? '', path);
    if (!def || (def['entity'] !== 'user' && def.field !== 'user'))
      faults.push(unknown(pointer(`${at}/to`, path), `${entity}.${path}`));
  }
  if (action.action === 'create' && !scope.hasEntity(action.entity ?? ''))
    return [...faults, unknown(`${at}/entity`, action.entity ?? '')];
  const target = action.action === 'create' ? (action.entity ?? '') : entity;
  const isRecord = action.action !== 'webhook' && action.action !== 'plugin';
  for (const [name, source] of Object.entries(action.values ?? {})) {
    const valueAt = pointer(`${at}/values`, name);
    const def = isRecord && target !== null ? scope.fields(target)[name] : undefined;
    if (isRecord && def === undefined) {
      faults.push(unknown(valueAt, `${target}.${name}`));
      continue;
    }
    const isState = action.action === 'set' && scope.stateFields(entity ?? '').has(name);
    if (isState || def?.compute !== undefined)
      faults.push(
        docFault(
          valueAt,
          'MRT_DOC_WORKFLOW_FIELD',
          '状态由流程操作改变,计算字段由公式决定,不能在此写入',
          'a state follows from transitions, a calculated field from its formula; neither is set here',
        ),
      );
    if (def?.readOnly === true)
      faults.push(
        docFault(
          valueAt,
          'MRT_DOC_READ_ONLY',
          '只读字段不能由规则写入',
          'a rule cannot write a read-only field',
        ),
      );
    check(source, valueAt, def ? (expressionTypeOf(def) ?? null) : null);
  }
  return faults;
}

/** Types as the expressions of a rule see them; without an entity there are no fields. */
export function recordTypeAt(entity: string | null, scope: CheckScope) {
  return (path: readonly string[]): ExpressionType | undefined =>
    entity === null ? undefined : typeAt(entity, path, scope);
}
