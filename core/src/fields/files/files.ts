import { attachmentType } from '../attachment-type.ts';
import type { FieldType } from '../field-type.ts';

/** Attached files (ENG-03), by the ids of their attachments. */
export const files: FieldType = attachmentType(
  { name: 'files', label: { 'zh-CN': '附件', en: 'Files' } },
  { one: 'file', many: 'files', zh: '个附件' },
  {
    accept: {
      type: 'string',
      minLength: 1,
      maxLength: 500,
      description: '允许的扩展名,如 ".pdf,.docx" / Allowed extensions, e.g. ".pdf,.docx"',
    },
  },
);
