import type { FieldView, RecordData } from '@mortise/core/contract';

/** What every editor of a field gets. It emits `update:modelValue`. */
export interface EditorProps {
  readonly field: FieldView;
  readonly modelValue: unknown;
  /** The whole draft, for dependent choices and the texts beside codes and ids (`<field>$display`). */
  readonly record: RecordData;
  /** Entity of the record, for what is read through it. */
  readonly entity?: string;
  readonly inputId: string;
  readonly disabled?: boolean;
  readonly invalid?: boolean;
  readonly describedBy?: string | undefined;
  /** Faults inside the value, by JSON Pointer below it: `/0/amount`. */
  readonly faults?: ReadonlyMap<string, string>;
}

/** What a display gets: a value that is not empty, in a list cell or in a form that may not be changed. */
export interface DisplayProps {
  readonly field: FieldView;
  readonly modelValue: unknown;
  /** A list row has one line; a form has room. */
  readonly place: 'cell' | 'form';
}

/** What a cell needs to print a value. */
export interface CellScope {
  readonly locale: 'zh-CN' | 'en';
  readonly timeZone: string;
  yes(value: boolean): string;
  text(label: { readonly 'zh-CN': string; readonly en: string }): string;
}

/** How a field type behaves outside its editor: in lists, filters and layouts. */
export interface FieldKind {
  readonly align: 'start' | 'end' | 'center';
  /** Column width of a list before anybody changes it. */
  readonly width: number;
  /** Takes the whole row of a form section. */
  readonly wide?: boolean;
  /** Shows nothing in a list cell: other records, not a value. */
  readonly related?: boolean;
  /** The control of a filter's value; `typed` reads what people write, as the field's editor does. */
  readonly filter:
    | 'text'
    | 'number'
    | 'typed'
    | 'tags'
    | 'near'
    | 'date'
    | 'datetime'
    | 'choice'
    | 'reference'
    | 'boolean'
    | 'none';
  cell(value: unknown, display: unknown, field: FieldView, scope: CellScope): string;
}
