import type { JsonSchema } from '../../fields/field-type.ts';
import { publish } from './publish.ts';
import { closed, described, LABEL, mapOf, name, oneOf } from './vocabulary.ts';

const SCOPES = ['none', 'own', 'created', 'subordinates', 'unit', 'team', 'territory', 'below', 'all'];
const ACTIONS = [
  'query',
  'read',
  'create',
  'update',
  'void',
  'delete',
  'restore',
  'print',
  'export',
  'transition',
  'share',
];

/** Schema of role documents: grants and function permissions (DESIGN §5). */
export function roleSchema(): JsonSchema {
  const scope = oneOf(SCOPES, '范围 / Rows it reaches');
  const grant = closed(
    {
      entity: {
        type: 'string',
        pattern: '^(\\*|[a-z][a-z0-9_]{0,39})$',
        description: '实体,* 为其余全部 / Entity; * for all others',
      },
      effect: oneOf(
        ['allow', 'deny'],
        '授予(默认)或拒绝;拒绝优先于各角色的授予 / Allow (default) or deny; a denial goes before what roles allow',
      ),
      when: {
        type: 'string',
        minLength: 1,
        maxLength: 1000,
        description:
          '仅限满足此条件的记录(CEL,读取记录自身的字段),如某类型或状态 / Only records of which this holds (CEL over their own fields), e.g. of one type or state',
      },
      actions: closed(
        Object.fromEntries(ACTIONS.map((action) => [action, scope])),
        [],
        '操作→范围 / Action → scope',
      ),
      fields: mapOf(
        '^(\\*|@sensitive|[a-z][a-z0-9_]{0,39})$',
        oneOf(['hidden', 'masked', 'read', 'write'], '级别 / Level'),
        '字段→级别,* 为其余,@sensitive 为敏感字段 / Field → level; * for the others, @sensitive for personal data',
      ),
    },
    ['entity', 'actions'],
  );
  return publish('role', {
    title: '角色 / Role',
    description: '权限集合 / A set of rights',
    name: name('角色名 / Name'),
    required: ['label', 'grants'],
    properties: {
      label: described(LABEL, '名称 / Label'),
      help: described(LABEL, '说明 / Help text'),
      inherits: mapOf(
        '^[a-z][a-z0-9_]{0,39}$',
        { type: 'boolean' },
        '继承的角色→true / Roles whose rights it has too',
      ),
      grants: mapOf('^(\\*|[a-z][a-z0-9_]{0,59})$', { $ref: '#/$defs/grant' }, '授权 / Grants'),
      functions: mapOf(
        '^(\\*|[a-z][A-Za-z0-9_.-]{0,79})$',
        { type: 'boolean' },
        '功能权限,* 为全部 / Function permissions; * for all',
      ),
      refusedFunctions: mapOf(
        '^(\\*|[a-z][A-Za-z0-9_.-]{0,79})$',
        { type: 'boolean' },
        '拒绝的功能权限,优先于其他角色的授予 / Function permissions refused, whatever other roles give',
      ),
    },
    defs: { grant },
  });
}
