import type { FieldDocument, LocaleText } from '@mortise/core/contract';
import { fittingAttributes } from './fitting-attributes';

/** A field while it is edited. */
export interface FieldDraft {
  /** The name it has now; '' for a new one. */
  readonly original: string;
  name: string;
  type: string;
  label: LocaleText;
  help: LocaleText;
  /** All attributes but type, label and help, as they stand in the document. */
  attributes: Record<string, unknown>;
}

const EMPTY: LocaleText = { 'zh-CN': '', en: '' };

export function newDraft(): FieldDraft {
  return { original: '', name: '', type: 'text', label: EMPTY, help: EMPTY, attributes: { maxLength: 100 } };
}

/** The draft of a field that exists; `known` gives label and type where the document overrides a system field. */
export function draftOf(
  name: string,
  def: Partial<FieldDocument>,
  known?: { label: LocaleText; type: string },
): FieldDraft {
  const { field, label, help, ...attributes } = def;
  return {
    original: name,
    name,
    type: field ?? known?.type ?? 'text',
    label: label ?? known?.label ?? EMPTY,
    help: help ?? EMPTY,
    attributes: structuredClone(attributes) as Record<string, unknown>,
  };
}

const isBlank = (value: unknown): boolean => value === undefined || value === null || value === '';

/**
 * The document of the draft, keys in the house order. A system field is overridden without its type. What is empty
 * is left out.
 */
export function toDefinition(draft: FieldDraft, system = false): FieldDocument {
  const help = { 'zh-CN': draft.help['zh-CN'].trim(), en: draft.help.en.trim() };
  const label = { 'zh-CN': draft.label['zh-CN'].trim(), en: draft.label.en.trim() };
  const attributes = Object.entries(fittingAttributes(draft)).filter(([, value]) => !isBlank(value));
  return {
    ...(system ? {} : { field: draft.type }),
    label,
    ...(help['zh-CN'] || help.en
      ? { help: { 'zh-CN': help['zh-CN'] || help.en, en: help.en || help['zh-CN'] } }
      : {}),
    ...Object.fromEntries(attributes),
  } as FieldDocument;
}
