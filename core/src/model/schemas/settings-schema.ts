import type { JsonSchema } from '../../fields/field-type.ts';
import { publish } from './publish.ts';
import { described, LABEL, oneOf } from './vocabulary.ts';

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
    },
  });
}
