import type { FieldDocument } from '../../core/src/model/documents.ts';
import { entities, fieldOf } from './documents.ts';

/** What a table of REQUIREMENTS asks of one field. */
interface RequiredField {
  /** Entity that holds the field, when it is not the row's. */
  readonly of?: string;
  readonly name: string;
  readonly types: readonly string[];
  readonly dictionary?: readonly string[];
  readonly multiple?: boolean;
  readonly entity?: string;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly options?: Readonly<Record<string, string>>;
  readonly optionLabels?: readonly string[];
  readonly items?: readonly string[];
  readonly computed?: boolean;
  readonly unique?: boolean;
}

/** One row of a table; required, unique, index, sensitive and part bear on its first field. */
export interface Row {
  readonly id: string;
  readonly label: string;
  readonly entity: string;
  readonly part?: string;
  readonly required?: boolean;
  readonly unique?: boolean;
  readonly index?: boolean;
  readonly sensitive?: boolean;
  readonly fields: readonly RequiredField[];
  /** Why a row has no field of its own, or another one than the table says. */
  readonly note?: string;
}

/** 电子邮件 (电子邮箱) → both; 企业ID → also 企业: people see the company, not its key. */
function namesOf(text: string): readonly string[] {
  const [, main = text, alias] = /^(.*?)(?: \((.*)\))?$/u.exec(text) ?? [];
  const all = alias === undefined ? [text, main] : [text, main, alias];
  return [...all, ...all.filter((each) => each.endsWith('ID')).map((each) => each.slice(0, -2))];
}

/** 日志人 / 部门 → 日志人, 部门. */
function partsOf(text: string): readonly string[] {
  return text
    .replace(/ \(.*\)$/u, '')
    .split('/')
    .map((each) => each.trim());
}

/** Rows that name several things of which one exists so far. */
const PARTIAL: Readonly<Record<string, string>> = { 'DM-JRN-06': '活动' };

/** A single field bears the row's label or its alias; of several, each part of the label stands on one of them. */
function labelFaults(row: Row, labels: readonly string[]): string[] {
  if (row.fields.some((field) => field.types.includes('id'))) return [];
  const partial = PARTIAL[row.id];
  if (row.fields.length === 1 && partial === undefined) {
    return namesOf(row.label).includes(labels[0] ?? '') ? [] : [`the label is ${labels[0]}`];
  }
  const parts = partial === undefined ? partsOf(row.label) : [partial];
  return parts
    .filter((part) => !labels.some((label) => label.includes(part)))
    .map((part) => `no label says ${part}`);
}

function optionsOf(def: FieldDocument): Readonly<Record<string, string>> {
  const options = (def['options'] ?? {}) as Readonly<
    Record<string, { readonly label: { readonly 'zh-CN': string } }>
  >;
  return Object.fromEntries(Object.entries(options).map(([code, option]) => [code, option.label['zh-CN']]));
}

function fieldFaults(wanted: RequiredField, def: FieldDocument): string[] {
  const faults: string[] = [];
  const want = (holds: boolean, fault: string): void => {
    if (!holds) faults.push(`${wanted.name}: ${fault}`);
  };
  const same = (attribute: 'entity' | 'maxLength' | 'minimum' | 'maximum' | 'unique'): void =>
    want(
      wanted[attribute] === undefined || def[attribute] === wanted[attribute],
      `${attribute} is ${String(def[attribute])}`,
    );
  want(wanted.types.includes(def.field), `the type is ${def.field}`);
  want(def.label.en.trim() !== '', 'it has no English label');
  for (const attribute of ['entity', 'maxLength', 'minimum', 'maximum', 'unique'] as const) same(attribute);
  if (wanted.dictionary) {
    want(
      wanted.dictionary.includes(String(def['dictionary'])),
      `the dictionary is ${String(def['dictionary'])}`,
    );
    want((def['multiple'] === true) === (wanted.multiple === true), 'one value or several is wrong');
  }
  const options = optionsOf(def);
  if (wanted.options)
    want(
      JSON.stringify(options) === JSON.stringify(wanted.options),
      `the options are ${JSON.stringify(options)}`,
    );
  if (wanted.optionLabels)
    want(
      Object.values(options).join() === wanted.optionLabels.join(),
      `the options are ${Object.values(options).join()}`,
    );
  if (wanted.items) {
    const items = Object.keys((def['item'] as { properties?: object } | undefined)?.properties ?? {});
    want(items.join() === wanted.items.join(), `an item has ${items.join()}`);
  }
  if (wanted.computed) want(def.readOnly === true || def.compute !== undefined, 'it can be typed in');
  return faults;
}

/** Where the documents differ from a row of the tables; empty when they agree. */
export function faultsOfRow(row: Row): readonly string[] {
  if (row.fields.length === 0) {
    return [
      ...(row.note ? [] : ['the row has neither field nor reason']),
      ...(entities.has(row.entity) ? [] : [`no entity ${row.entity}`]),
    ];
  }
  const faults: string[] = [];
  const labels: string[] = [];
  for (const [index, wanted] of row.fields.entries()) {
    const entity = wanted.of ?? row.entity;
    const def = fieldOf(entity, wanted.name);
    if (!def) {
      faults.push(`${entity}.${wanted.name} is missing`);
      continue;
    }
    labels.push(def.label['zh-CN']);
    faults.push(...fieldFaults(wanted, def));
    if (index > 0) continue;
    for (const mark of ['required', 'unique', 'index', 'sensitive'] as const) {
      if (row[mark] && def[mark] !== true) faults.push(`${wanted.name} is not ${mark}`);
    }
    const ofPlatform = entities.get(entity)?.properties[wanted.name]?.field === undefined;
    if (!ofPlatform && row.part !== def.part)
      faults.push(`${wanted.name} lies in the part ${def.part ?? '(main table)'}`);
  }
  return [...faults, ...labelFaults(row, labels)];
}
