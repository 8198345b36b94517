import type { JsonSchema } from '../../fields/field-type.ts';
import { automationAction, automationMembers } from './automation-schema.ts';
import { publish } from './publish.ts';
import {
  cel,
  closed,
  described,
  FIELD_PATH,
  flag,
  LABEL,
  mapOf,
  NAME,
  name,
  oneOf,
  setOf,
} from './vocabulary.ts';

const after = (what: string): JsonSchema => name(`${what}排在此项之后 / The one it follows`);

function who(): JsonSchema {
  const unit = (of: string): JsonSchema => oneOf(['same', 'below'], of);
  return closed({
    roles: setOf(NAME, '具有其中一个角色 / Has one of these roles'),
    unit: unit(
      '记录的部门是本部门,或本部门及下级 / The department of the record is the own one, or below it',
    ),
    authorUnit: unit(
      '录入人的部门是本部门,或本部门及下级 / The department of who entered the record is the own one, or below it',
    ),
    unitOf: closed(
      {
        field: name('用户字段 / Field with a user'),
        within: unit('其部门是本部门,或本部门及下级 / His department is the own one, or below it'),
      },
      ['field', 'within'],
      '按字段中用户的部门 / By the department of the user in a field',
    ),
    supervisorOf: name(
      '字段中用户的上级:其上级、上级的上级,或其部门及以上部门的负责人 / Stands above the user in this field: superior, or head of his department or of one above it',
    ),
    field: {
      type: 'string',
      pattern: FIELD_PATH,
      description: '本人就是该字段中的用户 / Is the user in this field, e.g. "owner", "unit.head"',
    },
    approverOf: name('此操作正等待本人审批 / Is one whose approval this transition asks for now'),
    stepBy: setOf(NAME, '上一步是本人的其中一个操作 / Did one of these transitions last (to withdraw it)'),
    expr: cel('条件 / Condition over the record and user'),
  });
}

function transition(): JsonSchema {
  return closed(
    {
      label: described(LABEL, '名称 / Label'),
      help: described(LABEL, '说明 / Help text'),
      after: after('操作'),
      from: setOf(NAME, '起始状态 / States it leads from'),
      to: name('目标状态 / State it leads to'),
      on: oneOf(
        ['request', 'change'],
        '由人发起,或内容修改时自动发生 / Asked for (default), or by itself when the content changes',
      ),
      watch: setOf(NAME, 'on 为 change 时只看这些字段 / With on: change, only these fields count'),
      who: mapOf(
        NAME,
        { $ref: '#/$defs/who' },
        '谁可以操作,满足其一即可 / Who may act; one alternative is enough',
      ),
      approvals: closed(
        {
          order: oneOf(
            ['sequence', 'parallel'],
            '依次(默认)或并行 / One after the other (default), or side by side',
          ),
          parts: mapOf(NAME, { $ref: '#/$defs/approval' }, '各项审批 / Approvals, in their order'),
        },
        ['parts'],
        '须全部审批后才流转 / It moves the record only when all of them are given',
      ),
      fourEyes: closed(
        {
          author: flag('录入人不得操作 / Not by who entered the record'),
          transitions: mapOf(
            NAME,
            { type: 'boolean' },
            '本轮做过这些操作的人不得操作 / Not by who did these transitions in this round',
          ),
        },
        [],
        '四眼原则 / Several eyes',
      ),
      guards: mapOf(
        NAME,
        closed(
          {
            when: cel('须成立的条件 / Must hold'),
            who: mapOf(
              NAME,
              { $ref: '#/$defs/who' },
              '按表单填写后的记录,办理人须是其中之一 / The actor must be one of these, as the form leaves the record',
            ),
            message: described(LABEL, '不成立时的提示 / Said where it does not'),
          },
          ['message'],
        ),
        '条件 / Conditions',
      ),
      required: setOf(NAME, '须已填写的字段 / Fields that must be filled'),
      fields: setOf(NAME, '随操作填写的字段 / Fields of the form'),
      opinion: oneOf(['none', 'optional', 'required'], '意见 / Opinion'),
      tone: oneOf(['primary', 'danger'], '按钮样式 / Look of the button'),
      aside: flag('不属于待办(如取消、撤回) / Not what the state waits for: nobody is reminded of it'),
      notify: setOf(
        FIELD_PATH,
        '通知这些字段中的用户;下一步办理人自动得到通知 / Users in these fields are told; whoever a field names to act next is told anyway',
      ),
      actions: mapOf(NAME, { $ref: '#/$defs/action' }, '动作 / What is done besides, in their order'),
    },
    ['label', 'from', 'to'],
  );
}

/** What is due while a record stands in a state. */
function deadline(): JsonSchema {
  const amount = (maximum: number, text: string): JsonSchema => ({
    type: 'integer',
    minimum: 0,
    maximum,
    description: text,
  });
  return closed(
    {
      label: described(LABEL, '名称 / Label'),
      after: closed(
        {
          days: amount(3660, '天 / Days'),
          hours: amount(9999, '小时 / Hours'),
          minutes: amount(9999, '分钟 / Minutes'),
          working: flag('按工作日和工作时间计 / Counts working days and hours only'),
        },
        [],
        '进入状态之后多久 / How long after the record came into the state',
      ),
      when: cel('条件 / Condition'),
      ...automationMembers(),
    },
    ['label', 'after', 'actions'],
  );
}

/** Schema of workflow documents: states, transitions, who may act (ENG-10). */
export function workflowSchema(): JsonSchema {
  const state = closed(
    {
      label: described(LABEL, '名称 / Label'),
      help: described(LABEL, '工作规则 / Working rules of the step'),
      kind: oneOf(['draft', 'waiting', 'active', 'returned', 'done', 'cancelled'], '性质 / What it means'),
      color: { type: 'string', pattern: '^#[0-9a-fA-F]{6}$', description: '颜色 / Colour' },
      deadlines: mapOf(NAME, { $ref: '#/$defs/deadline' }, '期限 / Deadlines while a record stands here'),
      final: flag('结束状态 / Nothing is left to be done'),
      after: after('状态'),
    },
    ['label'],
  );
  const action = closed(
    {
      action: oneOf(
        ['set', 'create', 'release'],
        '改写字段、新建记录,或放行一次超限输出 / Set fields, create a record, or let an output past its limit once',
      ),
      entity: name('新建记录的实体 / Entity of the record made'),
      values: mapOf(NAME, cel('值 / Value'), '字段→表达式 / Field → expression'),
      when: cel('执行条件 / Done only where it holds'),
      after: after('动作'),
    },
    ['action', 'values'],
  );
  const approval = closed(
    {
      label: described(LABEL, '名称 / Label'),
      who: mapOf(NAME, { $ref: '#/$defs/who' }, '谁可以审批 / Who may give it'),
      need: {
        anyOf: [{ enum: ['any', 'all'] }, { type: 'integer', minimum: 1, maximum: 100 }],
        description:
          '任一人(默认)、各项人选均须、或不同的若干人 / One of them (default), each of the alternatives, or so many different people',
      },
      when: cel('适用条件 / Asked only where it holds'),
      after: after('审批'),
    },
    ['label', 'who'],
  );
  const region = closed(
    {
      label: described(LABEL, '名称 / Label'),
      after: after('区域'),
      field: name('保存状态的字段 / Field that holds the state'),
      initial: name('初始状态 / Initial state'),
      initialFrom: cel(
        '早于本流程、尚无状态的记录所处状态的名称;空为初始状态 / Name of the state of records that are older than the workflow and have none; null for the initial one',
      ),
      states: mapOf(NAME, { $ref: '#/$defs/state' }, '状态 / States'),
      transitions: mapOf(NAME, { $ref: '#/$defs/transition' }, '操作 / Transitions'),
    },
    ['label', 'field', 'initial', 'states', 'transitions'],
  );
  return publish('workflow', {
    title: '工作流 / Workflow',
    description: '一个实体的状态与审批 / States and approvals of an entity',
    name: name('工作流名 / Name'),
    required: ['label', 'entity', 'regions'],
    properties: {
      label: described(LABEL, '名称 / Label'),
      help: described(LABEL, '说明 / Help text'),
      entity: {
        type: 'string',
        pattern: '^(\\*|[a-z][a-z0-9_]{0,39})$',
        description: '实体,* 为所有具有这些字段的实体 / Entity; * for every one that has the fields',
      },
      when: cel('适用条件 / Records it holds for'),
      regions: mapOf(NAME, { $ref: '#/$defs/region' }, '状态机,可并行 / Machines, side by side'),
    },
    defs: {
      state,
      deadline: deadline(),
      automation: automationAction(),
      action,
      who: who(),
      transition: transition(),
      approval,
      region,
    },
  });
}
