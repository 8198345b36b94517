import { Cron } from 'croner';
import type { Fault } from '../errors/problem.ts';
import { automationFaults, memberFaults, recordTypeAt } from './check-automation.ts';
import { expressionFaults } from './check-expressions.ts';
import type { CheckScope } from './check-scope.ts';
import { docFault } from './doc-fault.ts';
import { unknown } from './order-faults.ts';
import { pointer } from './pointer.ts';
import type { AutomationRuleDocument, RuleTriggerDocument } from './rule-document.ts';

type Members = { readonly needs: readonly string[]; readonly takes: readonly string[] };

const MEMBERS: Readonly<Record<RuleTriggerDocument['on'], Members>> = {
  create: { needs: [], takes: [] },
  change: { needs: [], takes: ['fields', 'becomes', 'create'] },
  transition: { needs: ['transitions'], takes: [] },
  date: { needs: ['field'], takes: ['days', 'hours', 'at'] },
  schedule: { needs: ['cron'], takes: [] },
};

/** What a rule document says of fields, transitions, roles and times. */
export function checkRule(rule: AutomationRuleDocument, scope: CheckScope): Fault[] {
  const { trigger } = rule;
  const entity = rule.entity ?? null;
  if (entity !== null && !scope.hasEntity(entity)) return [unknown('/entity', entity)];
  if (entity === null && trigger.on !== 'schedule')
    return [docFault('/entity', 'MRT_DOC_REQUIRED', '必填', 'it is required')];
  const faults = triggerFaults(trigger, entity, scope);
  if (rule.when !== undefined)
    faults.push(...expressionFaults(rule.when, '/when', 'bool', recordTypeAt(entity, scope)));
  const byClock = trigger.on === 'date' || trigger.on === 'schedule';
  if (byClock && rule.onError === 'refuse')
    faults.push(
      docFault(
        '/onError',
        'MRT_DOC_UNKNOWN_KEYWORD',
        '定时规则没有可拒绝的保存',
        'there is no write to refuse',
      ),
    );
  return [...faults, ...automationFaults(rule, { entity, byClock }, scope, '')];
}

function triggerFaults(trigger: RuleTriggerDocument, entity: string | null, scope: CheckScope): Fault[] {
  const at = '/trigger';
  const { needs, takes } = MEMBERS[trigger.on];
  const faults = memberFaults(trigger, ['on', ...needs], takes, at);
  for (const name of Object.keys(trigger.fields ?? {}))
    if (!scope.hasField(entity ?? '', name))
      faults.push(unknown(pointer(`${at}/fields`, name), `${entity}.${name}`));
  if (trigger.becomes !== undefined)
    faults.push(...expressionFaults(trigger.becomes, `${at}/becomes`, 'bool', recordTypeAt(entity, scope)));
  for (const name of Object.keys(trigger.transitions ?? {}))
    if (!scope.transitions(entity ?? '').has(name))
      faults.push(unknown(pointer(`${at}/transitions`, name), `${entity}: ${name}`));
  if (trigger.on === 'date' && trigger.field !== undefined)
    faults.push(...dateFaults(trigger, trigger.field, entity ?? '', scope));
  if (trigger.cron !== undefined) faults.push(...cronFaults(trigger.cron));
  return faults;
}

function dateFaults(trigger: RuleTriggerDocument, name: string, entity: string, scope: CheckScope): Fault[] {
  const type = scope.fields(entity)[name]?.field;
  if (type === undefined) return [unknown('/trigger/field', `${entity}.${name}`)];
  if (type !== 'date' && type !== 'datetime')
    return [
      docFault(
        '/trigger/field',
        'MRT_DOC_REFERENCE',
        '须为日期或日期时间字段',
        'a date or date-time field is needed',
      ),
    ];
  if (type === 'datetime') return [];
  return [
    ...(trigger.at === undefined
      ? [docFault('/trigger/at', 'MRT_DOC_REQUIRED', '必填', 'a date needs a time of day')]
      : []),
    ...(trigger.hours !== undefined
      ? [
          docFault(
            '/trigger/hours',
            'MRT_DOC_UNKNOWN_KEYWORD',
            '日期字段用 at',
            'for a date, say at which time',
          ),
        ]
      : []),
  ];
}

/** A wrong time table would never, or always, be due. */
function cronFaults(cron: string): Fault[] {
  const fault = (zh: string, en: string): Fault[] => [docFault('/trigger/cron', 'MRT_DOC_PATTERN', zh, en)];
  if (cron.trim().split(/\s+/).length !== 5)
    return fault('须为五段:分 时 日 月 周', 'five fields are needed: minute hour day month weekday');
  try {
    // No job is started: without a function, it only tells times.
    return new Cron(cron, { mode: '5-part' }).nextRun() === null
      ? fault('永远不会到来', 'it never comes')
      : [];
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return fault(`无法理解:${reason}`, `it cannot be understood: ${reason}`);
  }
}
