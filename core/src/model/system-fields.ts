import type { LocaleText } from '../text/locale.ts';
import type { EntityDocument, FieldDocument } from './documents.ts';

/** A field the platform adds to every entity; `column` where it is another field's alias. */
export interface SystemField {
  readonly def: FieldDocument;
  readonly column?: string;
  /** Set by clients like any field (`owner`, `remarks`), not kept by the platform alone. */
  readonly writable?: boolean;
}

const text = (zh: string, en: string): LocaleText => ({ 'zh-CN': zh, en });
const kept = (field: string, zh: string, en: string, more: Partial<FieldDocument> = {}): SystemField => ({
  def: { field, label: text(zh, en), readOnly: true, ...more },
});
const open = (field: string, zh: string, en: string, more: Partial<FieldDocument> = {}): SystemField => ({
  def: { field, label: text(zh, en), ...more },
  writable: true,
});
const user = { entity: 'user' };

/** `id` is not a field type of its own: it is the key, a uuid given by the client or by us. */
const IDENTITY: Readonly<Record<string, SystemField>> = {
  id: { def: { field: 'id', label: text('ID', 'ID'), readOnly: true } },
  version: kept('integer', '版本', 'Version', { hidden: true }),
};

/** DM-COM-10, DM-COM-11. */
const OWNED: Readonly<Record<string, SystemField>> = {
  owner: open('reference', '负责人', 'Owner', { ...user, default: { expr: 'user.id' } }),
  unit: open('reference', '负责部门', 'Department', { entity: 'unit', default: { expr: 'user.unit' } }),
  created_at: kept('datetime', '创建时间', 'Created at', { index: true }),
  created_by: kept('reference', '创建人', 'Created by', user),
  updated_at: kept('datetime', '修改时间', 'Updated at', { index: true }),
  updated_by: kept('reference', '修改人', 'Updated by', user),
  is_void: kept('boolean', '失效标志', 'Void'),
  void_reason: kept('text', '失效原因', 'Reason for voiding', { maxLength: 500 }),
  voided_at: kept('datetime', '失效时间', 'Voided at', { hidden: true }),
  voided_by: kept('reference', '失效操作人', 'Voided by', { ...user, hidden: true }),
  deleted_at: kept('datetime', '删除时间', 'Deleted at', { hidden: true }),
  deleted_by: kept('reference', '删除人', 'Deleted by', { ...user, hidden: true }),
};

/** DM-COM-02…08: the review block of a business entity. Review marks are set by the review, not by a form. */
const REVIEWED: Readonly<Record<string, SystemField>> = {
  registered_on: open('date', '资料登记日期', 'Registered on', { default: { expr: 'today()' } }),
  remarks: open('longtext', '备注', 'Remarks'),
  last_modified_on: { ...kept('datetime', '最后修改日期', 'Last modified on'), column: 'updated_at' },
  first_review_mark: kept('choice', '初审标记', 'First review', {
    dictionary: 'review_mark',
    default: 'pending',
  }),
  second_review_mark: kept('choice', '复审标记', 'Second review', {
    dictionary: 'review_mark',
    default: 'pending',
  }),
  // Moved by the workflow that rules it, so that a site can add steps of its own; without one it stays as it is.
  review_status: kept('choice', '信息审核标记', 'Review status', {
    dictionary: 'review_status',
    default: 'unreviewed',
  }),
  reviewer: kept('reference', '审核人', 'Reviewer', user),
  first_reviewer: kept('reference', '初审人', 'First reviewer', { ...user, hidden: true }),
  first_reviewed_at: kept('datetime', '初审时间', 'First reviewed at', { hidden: true }),
  second_reviewer: kept('reference', '复审人', 'Second reviewer', { ...user, hidden: true }),
  second_reviewed_at: kept('datetime', '复审时间', 'Second reviewed at', { hidden: true }),
  review_opinion: kept('longtext', '审核意见', 'Review opinion'),
};

const LINE: Readonly<Record<string, SystemField>> = {
  position: kept('integer', '行号', 'Position', { hidden: true }),
};

/** The fields the platform adds to an entity, in their order. */
export function systemFields(entity: EntityDocument): Readonly<Record<string, SystemField>> {
  if (entity.ownership === 'parent') return { ...IDENTITY, ...LINE };
  return entity.reviews === false ? { ...IDENTITY, ...OWNED } : { ...IDENTITY, ...REVIEWED, ...OWNED };
}

/** Names a document may not define as fields of its own (it may override their labels). */
export const SYSTEM_FIELD_NAMES: ReadonlySet<string> = new Set(
  [IDENTITY, OWNED, REVIEWED, LINE].flatMap((block) => Object.keys(block)),
);
