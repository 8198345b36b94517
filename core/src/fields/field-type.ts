import type { Locale, LocaleText } from '../text/locale.ts';

/** JSON Schema 2020-12, as plain data. */
export type JsonSchema = { readonly [keyword: string]: unknown };

/** The attributes of one field, as its document gives them (`FieldDocument` without the model layer's types). */
export interface FieldDefinition {
  readonly field: string;
  readonly label: LocaleText;
  readonly [attribute: string]: unknown;
}

/** A fault of a definition: `at` is relative to the field, e.g. `/maxLength`. */
export interface DefinitionFault {
  readonly at: string;
  readonly code: string;
  readonly message: LocaleText;
}

/** What a definition may be checked against, without knowing the model. */
export interface DefinitionScope {
  hasEntity(name: string): boolean;
  hasDictionary(name: string): boolean;
  isTree(dictionary: string): boolean;
  hasField(entity: string, field: string): boolean;
  fieldType(entity: string, field: string): string | undefined;
  /** The entity that the field belongs to; without it, checks of sibling fields are left to the caller. */
  readonly entity?: string;
}

/** Adds a parameter and gives its placeholder (`$3`). */
export type Bind = (value: unknown) => string;

/** An operator of the filter language, without its `$`. */
export type FilterOperator =
  | 'eq'
  | 'ne'
  | 'gt'
  | 'gte'
  | 'lt'
  | 'lte'
  | 'in'
  | 'nin'
  | 'like'
  | 'ilike'
  | 'contains'
  | 'startsWith'
  | 'null'
  | 'under'
  | 'near';

/** What a filter needs beyond the column: descendants of tree values, the current user, today's date. */
export interface FilterScope {
  /** The code and all codes below it. */
  descendants(dictionary: string, code: string): readonly string[];
  readonly user: string;
  /** Business date, `YYYY-MM-DD`. */
  readonly today: string;
  /** Roles of the user, for what waits for him (`$waiting`). */
  readonly roles?: readonly string[];
  /** Zone of the installation; without it a date-time can only be compared with a full date-time. */
  readonly timeZone?: string;
}

/** A filter value that cannot be used; the caller turns it into `MRT_QUERY_VALUE` with the path. */
export class FilterValueError extends Error {}

/** Prints codes and references as people read them. */
export interface DisplayScope {
  readonly locale: Locale;
  readonly timeZone: string;
  label(dictionary: string, code: string): string;
  display(entity: string, id: string): string;
  /** Labels from the root of a tree dictionary down to the code; without it a code is shown by its own label. */
  path?(dictionary: string, code: string): readonly string[];
}

/** What a spreadsheet cell may be read against: without a member, that reading is refused with the reason. */
export interface ParseScope {
  readonly timeZone?: string;
  /** Code of the value with this label (either language). */
  code?(dictionary: string, label: string): string | undefined;
  /** The deepest value of a dictionary whose path of labels the text begins or ends with, and what is left of it. */
  region?(dictionary: string, text: string): { readonly code: string; readonly rest: string } | undefined;
  /** Id of the record that is displayed so. */
  id?(entity: string, display: string): string | undefined;
}

/** A code inside of a value, with the place where it stands. */
interface DictionaryCode {
  readonly dictionary: string;
  readonly code: string;
  readonly at: string;
}

/**
 * A fault of one value. `at` is a JSON Pointer below the value (`/2/amount`), absent for the value itself.
 */
export interface ValueFault {
  readonly code: string;
  readonly message: LocaleText;
  readonly at?: string;
}

/**
 * A field type: everything the platform must know about one kind of value, in one closed folder
 * (`core/src/fields/<type>/`). Plugins add a type by registering the same object. All functions are pure.
 */
export interface FieldType {
  readonly name: string;
  readonly label: LocaleText;
  /** Schema of the type's own attributes (merged with the common ones, `additionalProperties: false`). */
  readonly definition: JsonSchema;
  /** Faults that a schema cannot express: a reference to nothing, minimum above maximum. */
  check(def: FieldDefinition, scope: DefinitionScope): readonly DefinitionFault[];
  /** SQL type of the column, or null when the type has none (`children`, `lines`). */
  columnType(def: FieldDefinition): string | null;
  /** Strict schema of a value in the API, `null` not included. */
  valueSchema(def: FieldDefinition): JsonSchema;
  /** CEL type of the value: `string int decimal bool date datetime list<string> map` (docs/expressions.md). */
  expressionType(def: FieldDefinition): string;
  /**
   * Brings a valid value into its stored form (trim, full width to half width, fixed decimals). Idempotent. A blank
   * text and an empty list become null, so `required` is judged after it.
   */
  normalise(value: unknown, def: FieldDefinition): unknown;
  /** Faults of a valid-looking value that a schema cannot express (30 February, three decimals). */
  checkValue(value: unknown, def: FieldDefinition): ValueFault | null;
  /** API value → driver parameter. */
  toColumn(value: unknown, def: FieldDefinition): unknown;
  /** Driver value → API value. */
  fromColumn(value: unknown, def: FieldDefinition): unknown;
  readonly operators: readonly FilterOperator[];
  readonly sortable: boolean;
  /** SQL text of what people read in the column, for the search box; the column as text when absent. */
  searchText?(column: string): string;
  /** Codes of dictionaries inside of the value, which the records engine checks; `at` points below the value. */
  codes?(value: unknown, def: FieldDefinition): readonly DictionaryCode[];
  /** The field of another type that this one is a name for: a user is a reference to `user`. The model holds that. */
  standsFor?(def: FieldDefinition): FieldDefinition;
  /**
   * SQL condition for one operator on `column` (an expression, already quoted). Null-safe: a null column matches
   * only `{$null: true}`, `{$ne: …}` and `{$nin: …}`. It may be NULL instead of false: negate it with `IS NOT TRUE`.
   * @throws FilterValueError
   */
  filter(
    operator: FilterOperator,
    column: string,
    value: unknown,
    bind: Bind,
    def: FieldDefinition,
    scope: FilterScope,
  ): string;
  /** Text for people: print, export, list cell. */
  format(value: unknown, def: FieldDefinition, scope: DisplayScope): string;
  /** Text of a spreadsheet cell → API value. @throws Error with a plain reason */
  parse(text: string, def: FieldDefinition, scope?: ParseScope): unknown;
}
