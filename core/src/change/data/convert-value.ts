import { Ajv2020 } from 'ajv/dist/2020.js';
import type { Mending } from '../../http/contract.ts';
import type { ParseScope } from '../../fields/field-type.ts';
import { instantOf, wallTime } from '../../fields/calendar.ts';
import { fieldType } from '../../fields/registry.ts';
import type { FieldDocument } from '../../model/documents.ts';
import type { Dictionaries } from '../../store/dictionaries.ts';
import { localise, type Locale } from '../../text/locale.ts';

/** What values are read against. */
export interface ConversionScope {
  readonly timeZone: string;
  /** Language in which labels become texts. */
  readonly locale: Locale;
  readonly dictionaries: Dictionaries;
}

/** The new value, or undefined where there is none that says the same. */
export type ConvertValue = (value: unknown) => { readonly value: unknown } | undefined;

/**
 * How a value of `from` becomes one of `to`, by the rules of the field types themselves: as it is, by its text as
 * stored, or by its text for people. Values are in the API's form, null stays null.
 */
export function valueConverter(
  from: FieldDocument,
  to: FieldDocument,
  scope: ConversionScope,
  mending: Mending = {},
): ConvertValue {
  const accepts = acceptor(to, scope);
  const read = reader(from, to, scope);
  return (value) => {
    if (value === null || value === undefined) return { value: null };
    const text = textOf(value);
    if (mending.mapping && Object.hasOwn(mending.mapping, text)) {
      const mapped = mending.mapping[text] ?? null;
      return mapped === null ? { value: null } : accepts(mapped);
    }
    for (const candidate of read(value)) {
      const found = candidate === null ? { value: null } : accepts(candidate);
      if (found) return found;
    }
    if (!Object.hasOwn(mending, 'otherwise')) return undefined;
    return mending.otherwise === null ? { value: null } : accepts(mending.otherwise);
  };
}

/** The text by which a value is named in a mapping. */
function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** A value that the field would take from a form, in its normal form; undefined for any other. */
export function acceptor(def: FieldDocument, { dictionaries }: ConversionScope): ConvertValue {
  const type = fieldType(def.field);
  const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(type.valueSchema(def));
  const dictionary = typeof def['dictionary'] === 'string' ? def['dictionary'] : undefined;
  const known = (code: unknown): boolean =>
    dictionary === undefined || dictionaries.value(dictionary, String(code)) !== undefined;
  return (value) => {
    const normal = type.normalise(value, def);
    if (normal === null) return { value: null };
    if (!validate(normal) || type.checkValue(normal, def) !== null) return undefined;
    const codes = def.field === 'choice' ? (Array.isArray(normal) ? normal : [normal]) : [];
    return codes.every(known) ? { value: normal } : undefined;
  };
}

type Read = (value: unknown) => Iterable<unknown>;

/** What a value may mean in the other type, the likeliest first. */
function reader(from: FieldDocument, to: FieldDocument, scope: ConversionScope): Read {
  const { timeZone, locale, dictionaries } = scope;
  if (from.field === 'date' && to.field === 'datetime')
    return (value) => [instantOf(String(value), '00:00:00', timeZone).toISOString()];
  if (from.field === 'datetime' && to.field === 'date')
    return (value) => [wallTime(new Date(String(value)), timeZone).slice(0, 10)];
  const [source, target] = [fieldType(from.field), fieldType(to.field)];
  const several = (target.columnType(to) ?? '').endsWith('[]');
  const display = {
    locale,
    timeZone,
    label: (dictionary: string, code: string) => {
      const label = dictionaries.value(dictionary, code)?.label;
      return label ? localise(label, locale) : '';
    },
    display: () => '',
  };
  const parseScope: ParseScope = {
    timeZone,
    code: (dictionary, label) =>
      dictionaries
        .values(dictionary)
        .find((value) => value.code === label || value.label['zh-CN'] === label || value.label.en === label)
        ?.code,
  };
  const parsed = (text: string): unknown[] => {
    try {
      return [target.parse(text, to, parseScope)];
    } catch {
      // What cannot be read is no candidate: the record is reported.
      return [];
    }
  };
  return function* (value) {
    // A number that becomes a text keeps its digits, not the separators that people see.
    if (from.field !== 'choice' || to.field === 'choice') yield value;
    if (Array.isArray(value) && !several && value.length === 1) yield value[0];
    if (!Array.isArray(value) && several) yield [value];
    const labelled = from.field === 'choice' || from.field === 'boolean' || Array.isArray(value);
    if (!labelled && typeof value !== 'object') yield* parsed(String(value));
    yield* parsed(source.format(value, from, display));
  };
}
