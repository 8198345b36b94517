import type { JsonSchema } from '../../fields/field-type.ts';
import { automationAction, automationMembers } from './automation-schema.ts';
import { publish } from './publish.ts';
import { cel, closed, described, flag, LABEL, NAME, name, oneOf, setOf } from './vocabulary.ts';

/** Schema of rule documents: what starts them, on what condition, and what they do (ENG-13). */
export function ruleSchema(): JsonSchema {
  const trigger = closed(
    {
      on: oneOf(
        ['create', 'change', 'transition', 'date', 'schedule'],
        '新建、修改、流程操作、到期、定时 / What starts it',
      ),
      fields: setOf(NAME, '这些字段之一变化时 / One of these fields changes'),
      becomes: cel('由不成立变为成立 / Did not hold before, and holds now'),
      create: flag('新建也算修改 / A new record counts as a change'),
      transitions: setOf(NAME, '流程操作 / Transitions'),
      field: name('日期字段 / Date field'),
      days: {
        type: 'integer',
        minimum: -3660,
        maximum: 3660,
        description: '日期之后的天数,负数为之前 / Days after the date; before it when negative',
      },
      hours: { type: 'integer', minimum: -9999, maximum: 9999, description: '小时 / Hours' },
      at: {
        type: 'string',
        pattern: '^([01]\\d|2[0-3]):[0-5]\\d$',
        description: '时刻(业务时区)/ Time of day, in the business time zone',
      },
      cron: { type: 'string', minLength: 9, maxLength: 100, description: 'cron, e.g. "0 9 * * 1-5"' },
    },
    ['on'],
  );
  return publish('rule', {
    title: '自动化规则 / Automation rule',
    description: '触发 → 条件 → 动作 / Trigger → condition → actions',
    name: name('规则名 / Name'),
    required: ['label', 'trigger', 'actions'],
    properties: {
      label: described(LABEL, '名称 / Label'),
      help: described(LABEL, '说明 / Help text'),
      entity: name('实体 / Entity'),
      active: flag('启用 / Switched on (default)'),
      trigger: { $ref: '#/$defs/trigger' },
      when: cel('条件 / Condition'),
      ...automationMembers(),
    },
    defs: { trigger, automation: automationAction() },
  });
}
