import type { JsonSchema } from '../../fields/field-type.ts';
import {
  cel,
  closed,
  described,
  FIELD_PATH,
  KEY,
  LABEL,
  mapOf,
  NAME,
  name,
  oneOf,
  setOf,
} from './vocabulary.ts';

/** Schema of one action of a rule or a deadline. */
export function automationAction(): JsonSchema {
  return closed(
    {
      action: oneOf(
        ['set', 'create', 'transition', 'notify', 'webhook', 'plugin'],
        '改写字段、新建记录、流程操作、通知、发送 Webhook、调用插件 / Set fields, create a record, do a transition, notify, send a webhook, call a plugin',
      ),
      entity: name('新建记录的实体 / Entity of the record made'),
      values: mapOf(NAME, cel('值 / Value'), '字段→表达式 / Field → expression'),
      transition: name('流程操作 / Transition'),
      opinion: cel('意见 / Opinion'),
      to: setOf(FIELD_PATH, '通知这些字段中的用户 / Users in these fields are told'),
      message: described(LABEL, '通知内容 / What they are told'),
      url: {
        type: 'string',
        pattern: '^https?://[^\\s/?#]+\\S*$',
        maxLength: 2000,
        description: '目标地址 / Where it is sent',
      },
      secret: { type: 'string', pattern: KEY, description: '签名密钥的名称 / Name of the signing secret' },
      timeoutSeconds: { type: 'integer', minimum: 1, maximum: 60, description: '超时(秒)/ Time-out' },
      plugin: { type: 'string', pattern: KEY, description: '插件 / Plugin' },
      call: { type: 'string', pattern: KEY, description: '插件的动作 / Action of the plugin' },
      when: cel('执行条件 / Done only where it holds'),
      after: name('动作排在此项之后 / The one it follows'),
    },
    ['action'],
  );
}

/** Members of a document that does something by itself. The actions refer to `#/$defs/automation`. */
export function automationMembers(): Readonly<Record<string, JsonSchema>> {
  return {
    roles: setOf(NAME, '以这些角色的权限执行 / Acts with the rights of these roles'),
    onError: oneOf(['refuse', 'log'], '失败时拒绝保存或仅记录 / A failure refuses the write, or is logged'),
    actions: mapOf(NAME, { $ref: '#/$defs/automation' }, '动作 / What is done, in their order'),
  };
}
