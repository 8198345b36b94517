import type { FieldType } from '../field-type.ts';
import { recordAlias } from '../record-alias.ts';

/** A user of the system (ENG-03): a reference to `user`, with `$me` in filters; `multiple` takes several. */
export const user: FieldType = recordAlias({
  name: 'user',
  label: { 'zh-CN': '用户', en: 'User' },
  entity: 'user',
});
