import { invalidRecord } from '../errors/catalogue.ts';
import type { Context } from '../context/context.ts';
import { numberParts, type NumberPart } from '../fields/autonumber/number-pattern.ts';
import type { EntityModel, FieldModel } from '../model/model.ts';
import type { Dictionaries } from '../store/dictionaries.ts';
import type { Row } from '../store/database.ts';
import type { Values } from './draft.ts';
import { fastNumbers } from './fast-numbers.ts';
import { isEmptyValue } from './same-value.ts';
import type { WriteScope } from './write-scope.ts';
import type { StatementParameters } from './statement-parameters.ts';
import { dateInZone } from './today.ts';
import { faultAt } from './value-fault.ts';
import { writeFields } from './write-fields.ts';

/** Where numbers come from. */
export type NumberSource = Pick<WriteScope, 'db' | 'dictionaries'>;

/** A number that must be drawn: which sequence, and how the value is made of it. */
export interface NumberDraw {
  readonly field: FieldModel;
  /** Key of `mortise.sequence`. */
  readonly key: string;
  /** Drawn ahead, where the rule counts fast and a number was at hand. */
  readonly drawn: string | null;
  /** The number for a drawn value. @throws MRT_RECORD_INVALID when it would be longer than the field */
  compose(drawn: string): string;
}

function partText(
  part: NumberPart,
  entity: EntityModel,
  values: Readonly<Values>,
  today: string,
  dictionaries: Dictionaries,
): string | null {
  switch (part.kind) {
    case 'text':
      return part.text;
    case 'date':
      return {
        yyyy: today.slice(0, 4),
        yy: today.slice(2, 4),
        mm: today.slice(5, 7),
        dd: today.slice(8, 10),
      }[part.part];
    case 'sequence':
      return null;
    case 'field': {
      const value = values[part.field];
      if (isEmptyValue(value)) return null;
      if (part.attribute === undefined) return String(value);
      const dictionary = entity.fields.get(part.field)?.def['dictionary'];
      const attribute =
        typeof dictionary === 'string'
          ? dictionaries.value(dictionary, String(value))?.data[part.attribute]
          : undefined;
      return attribute === undefined || attribute === '' ? null : String(attribute);
    }
  }
}

function overflow(field: FieldModel, value: string, length: number): Error {
  const pattern = String(field.def['pattern']);
  return invalidRecord([
    faultAt(
      `/${field.name}`,
      'MRT_VALUE_NUMBER_FULL',
      `编号规则“${pattern}”已用尽:“${value}”超过 ${length} 个字符。请管理员调整规则。`,
      `The numbering rule “${pattern}” is used up: “${value}” is longer than ${length} characters. Ask an administrator to change the rule.`,
    ),
  ]);
}

function drawOf(
  context: Context,
  { db, dictionaries }: NumberSource,
  entity: EntityModel,
  field: FieldModel,
  values: Readonly<Values>,
): NumberDraw | null {
  const parts = numberParts(String(field.def['pattern'])) ?? [];
  const today = dateInZone(context.now, context.timeZone);
  const texts = parts.map((part) => partText(part, entity, values, today, dictionaries));
  const at = parts.findIndex((part) => part.kind === 'sequence');
  // A number whose parts are not known yet is given when they are (the area code of a customer entered later).
  if (at < 0 || texts.some((text, index) => text === null && index !== at)) return null;
  const per = Object.keys((field.def['per'] as object | undefined) ?? {});
  const counted = per.length > 0 ? per.map((name) => String(values[name] ?? '')) : texts.slice(0, at);
  const key = `${entity.name}.${field.name}:${counted.join('|')}`;
  const part = parts[at];
  const digits = part?.kind === 'sequence' ? part.digits : 1;
  return {
    field,
    key,
    drawn: field.def['counting'] === 'fast' ? fastNumbers(db).take(key) : null,
    compose(drawn) {
      const value = texts.map((text, index) => (index === at ? drawn.padStart(digits, '0') : text)).join('');
      const length = Number(/\((\d+)\)/.exec(field.column?.type ?? '')?.[1] ?? 40);
      if (value.length > length) throw overflow(field, value, length);
      return value;
    },
  };
}

/**
 * The numbers a record still lacks (DM-CODE-05…07): drawn on the first saving at which all their parts are known,
 * counted per letter and dial digits, never longer than the rule allows.
 */
export function numbersToDraw(
  context: Context,
  source: NumberSource,
  entity: EntityModel,
  values: Readonly<Values>,
): NumberDraw[] {
  return writeFields(entity).numbers.flatMap((field) => {
    if (!isEmptyValue(values[field.name])) return [];
    return drawOf(context, source, entity, field, values) ?? [];
  });
}

/** What draws the numbers of one record: CTEs, and the columns that {@link takeNumbers} reads. */
export function drawParts(
  draws: readonly NumberDraw[],
  { bind }: StatementParameters,
): { readonly ctes: readonly string[]; readonly columns: readonly string[] } {
  return {
    ctes: draws.flatMap((draw, index) =>
      draw.drawn === null ? [drawSql(`draw${index}`, bind(draw.key))] : [],
    ),
    columns: draws.flatMap((draw, index) =>
      draw.drawn === null ? [`(SELECT value::text FROM draw${index}) AS "$draw${index}"`] : [],
    ),
  };
}

/** Gives a record the numbers that were drawn for it. @throws MRT_RECORD_INVALID when one is too long */
export function takeNumbers(draws: readonly NumberDraw[], row: Row, values: Values): void {
  for (const [index, draw] of draws.entries())
    values[draw.field.name] = draw.compose(draw.drawn ?? String(row[`$draw${index}`]));
}

/** A CTE that draws the next value of a sequence. */
function drawSql(name: string, key: string): string {
  return `${name} AS (INSERT INTO mortise.sequence AS s (key, value) VALUES (${key}, 1) ON CONFLICT (key) DO UPDATE SET value = s.value + 1 RETURNING s.value)`;
}
