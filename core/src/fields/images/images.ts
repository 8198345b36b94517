import { attachmentType } from '../attachment-type.ts';
import type { FieldType } from '../field-type.ts';

/** Attached pictures (ENG-03), by the ids of their attachments. */
export const images: FieldType = attachmentType(
  { name: 'images', label: { 'zh-CN': '图片', en: 'Images' } },
  { one: 'image', many: 'images', zh: '张图片' },
);
