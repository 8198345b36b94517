import type { JsonSchema } from '../../fields/field-type.ts';
import { publish } from './publish.ts';
import { closed, described, LABEL, mapOf, NAME, oneOf } from './vocabulary.ts';

function limit(description: string): JsonSchema {
  return { oneOf: [{ type: 'integer', minimum: 0 }, { const: 'unlimited' }], description };
}

function quota(description: string): JsonSchema {
  const limits = {
    perJob: limit('每次最多条数 / Most records at once'),
    perDay: limit('每人每天最多条数 / Most records a person and day'),
  };
  return closed(
    {
      ...limits,
      roles: mapOf(
        NAME,
        closed(limits),
        '角色→其限额,多个角色取最宽的 / Role → its limits; of several, the widest',
      ),
    },
    [],
    description,
  );
}

/** Schema of the one settings document, `installation`. */
export function settingsSchema(): JsonSchema {
  return publish('settings', {
    title: '设置 / Settings',
    description: '本系统的基本设置 / Settings of the installation',
    name: { const: 'installation' },
    required: ['productName', 'timeZone', 'currency', 'locale'],
    properties: {
      productName: described(LABEL, '产品名,显示为“<名称>CRM” / Shown as "<name>CRM"'),
      timeZone: {
        type: 'string',
        pattern: '^[A-Za-z][A-Za-z0-9_+/-]{1,59}$',
        description: 'IANA 时区,如 Asia/Shanghai / IANA name of the business time zone',
      },
      currency: {
        type: 'string',
        pattern: '^[A-Z]{3}$',
        description: '默认币种,如 CNY / Default currency, ISO 4217',
      },
      locale: oneOf(['zh-CN', 'en'], '默认语言 / Default language'),
      quotas: closed(
        {
          print: quota('打印 / Printing'),
          export: quota('导出 / Exporting'),
          mail: quota('群发邮件 / Mass mail'),
        },
        [],
        '打印、导出、群发的限额;不写则不限 / Limits of what leaves the system; absent: none',
      ),
    },
  });
}
