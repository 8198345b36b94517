import type { LocaleText } from '../text/locale.ts';
import type { AutomationRuleDocument } from './rule-document.ts';
import type { WorkflowDocument } from './workflow-document.ts';

/**
 * The documents of which everything is made, as they stand in files and in the site layer. Nothing that merges is
 * an array: maps are keyed by name and keep their order of insertion, changed by `after`. The JSON Schemas in
 * `core/schemas` describe the same shapes for editors and for the loader; a test holds the two together.
 */
export type DocumentKind =
  | 'entity'
  | 'dictionary'
  | 'form'
  | 'view'
  | 'menu'
  | 'role'
  | 'template'
  | 'workflow'
  | 'rule'
  | 'settings';

export interface DocumentBase {
  /** Relative path to the meta-schema, for editors. */
  readonly $schema?: string;
  /** Snake case, unique per kind; forms and views are named `<entity>.<name>`. */
  readonly name: string;
  /** True where a later layer adds to a document of a lower one instead of defining a new one. */
  readonly extends?: true;
}

/** A CEL expression (docs/expressions.md), e.g. `type == 'service' && employee_count > 50`. */
export type Cel = string;

/** Count, sum, least, greatest or average over the records whose reference points here (ENG-05). */
export interface RollupDocument {
  readonly entity: string;
  /** Their reference field that points here. */
  readonly by: string;
  readonly function: 'count' | 'sum' | 'min' | 'max' | 'avg';
  /** Their field; none for `count`. */
  readonly field?: string;
  /** Which of them count, over their own fields. Void and deleted ones never do. */
  readonly where?: Cel;
  /**
   * `reader` (default): shown only to those who may read all that goes into it. `system`: to all who may read the
   * field, whatever they may see of the records behind it (DESIGN §5).
   */
  readonly readAs?: 'reader' | 'system';
}

/** Attributes that every field type understands; a type adds its own (see `core/src/fields/<type>/`). */
export interface FieldDocument {
  readonly field: string;
  readonly label: LocaleText;
  readonly help?: LocaleText;
  /** Must be given on create and may not be emptied. */
  readonly required?: boolean;
  readonly requiredWhen?: Cel;
  readonly visibleWhen?: Cel;
  readonly readOnly?: boolean;
  readonly readOnlyWhen?: Cel;
  /** A value, or `{ "expr": CEL }` evaluated when the record is created. */
  readonly default?: unknown;
  /** Value calculated from the record's other fields and those one reference away; makes the field read-only. */
  readonly compute?: Cel;
  /** Value over the records that refer to this one; makes the field read-only. */
  readonly rollup?: RollupDocument;
  readonly unique?: boolean;
  readonly index?: boolean;
  /** Found by the list's search box. */
  readonly search?: boolean;
  /** How likely duplicates are looked for on leaving the field (ENT-01). */
  readonly duplicateCheck?: 'company-name' | 'person-name' | 'address' | 'phone' | 'code';
  /** Personal data: hidden unless a grant names it or `@sensitive` (SEC-05). */
  readonly sensitive?: boolean;
  /** Second table of the entity that holds the column (`customer` + `ext` → table `customer_ext`). */
  readonly part?: string;
  /** Name of the field it follows, when a layer adds it in the middle. */
  readonly after?: string;
  /** Not offered on forms and lists, still readable through the API. */
  readonly hidden?: boolean;
  /** Withdrawn: not readable or writable, its column and data kept. */
  readonly retired?: boolean;
  /** The name this field had before; set by a rename, so that data is never lost or taken over. */
  readonly renamedFrom?: string;
  readonly [attribute: string]: unknown;
}

/** A condition that must hold for the record to be saved (`error`) or that warns. */
export interface RuleDocument {
  readonly when: Cel;
  readonly message: LocaleText;
  readonly level?: 'error' | 'warning';
  /** The field the message is shown at. */
  readonly at?: string;
}

export interface EntityDocument extends DocumentBase {
  readonly label: LocaleText;
  readonly help?: LocaleText;
  /** Field that names a record to people. */
  readonly display: string;
  /** Fields that the right to query alone shows, besides `display` (SEC-01, SEC-15). */
  readonly identify?: Readonly<Record<string, true>>;
  /** `user`: each record has an owner and a unit. `parent`: a line, it follows its parent record. */
  readonly ownership: 'user' | 'parent';
  /** For `ownership: "parent"`: the reference field that points to the parent. */
  readonly parent?: string;
  /** Told to whoever gets a record from somebody else, e.g. “given to you”; nobody is told without it. */
  readonly ownerNotice?: LocaleText;
  /** False: no review marks (system tables, lines). Default true (DM-COM-02). */
  readonly reviews?: boolean;
  /** Rules over several fields: `{ "one_per_fair": { "fields": { "customer": true, "fair": true } } }`. */
  readonly unique?: Readonly<
    Record<string, { readonly fields: Readonly<Record<string, true>>; readonly message?: LocaleText }>
  >;
  readonly rules?: Readonly<Record<string, RuleDocument>>;
  /**
   * The choice by which records lie in territories, e.g. `province`: the scope `territory` reaches those whose value is
   * one of the regions, or below one, that the person's staff record names from the same dictionary (SEC-05).
   */
  readonly territory?: string;
  /** Single records may be shared with people and departments by who has the right to `share` (SEC-07). */
  readonly sharing?: boolean;
  /** Administrators may say by department which records its members see at all (SEC-09). */
  readonly departmentFilter?: boolean;
  /** Default order of lists, e.g. `-updated_at,name`. */
  readonly sort?: string;
  readonly retired?: boolean;
  /** The name this entity of the site had before; a new name with it is a rename, its data and all that mentions it follow. */
  readonly renamedFrom?: string;
  readonly properties: Readonly<Record<string, FieldDocument>>;
}

/** A value as a dictionary document seeds it; afterwards it is a row with its own history. */
export interface DictionaryValueDocument {
  readonly label: LocaleText;
  /** Code of the value above it, in a tree. */
  readonly parent?: string;
  readonly sort?: number;
  readonly color?: string;
  /** False: retired. Kept for records that use it, refused for new ones. */
  readonly active?: boolean;
  /** Attributes that the dictionary declares, e.g. `area_code` of a city. */
  readonly data?: Readonly<Record<string, string | number | boolean>>;
}

export interface DictionaryDocument extends DocumentBase {
  readonly label: LocaleText;
  readonly help?: LocaleText;
  readonly tree?: boolean;
  /** Whoever has the function `dictionaries.extend` may add a value while picking one. */
  readonly extensible?: boolean;
  /** Attributes of a value: name → label. */
  readonly attributes?: Readonly<Record<string, { readonly label: LocaleText }>>;
  /** Shown under this dictionary: the values of `via` decide what may be chosen (DICT-08a). */
  readonly mappings?: Readonly<
    Record<
      string,
      { readonly from: string; readonly map: Readonly<Record<string, Readonly<Record<string, true>>>> }
    >
  >;
  readonly values: Readonly<Record<string, DictionaryValueDocument>>;
}

export interface FormFieldDocument {
  /** Columns of the section's grid that the field spans. */
  readonly span?: number;
  readonly after?: string;
  readonly visibleWhen?: Cel;
  readonly rows?: number;
  /** False in a site layer takes the field off this form. */
  readonly shown?: boolean;
}

export interface FormSectionDocument {
  readonly label: LocaleText;
  readonly columns?: 1 | 2 | 3 | 4;
  readonly collapsed?: boolean;
  readonly after?: string;
  readonly visibleWhen?: Cel;
  readonly fields?: Readonly<Record<string, FormFieldDocument>>;
}

export interface FormTabDocument {
  readonly label: LocaleText;
  readonly after?: string;
  readonly visibleWhen?: Cel;
  readonly sections?: Readonly<Record<string, FormSectionDocument>>;
  /** A child table: records of `entity` whose reference `by` points here, in `view`'s columns. */
  readonly related?: { readonly entity: string; readonly by: string; readonly view?: string };
  /** Built-in panel. */
  readonly panel?: 'history';
}

/** A button on a stored record that opens the form for a new record of `create`, filled from this one. */
export interface FormActionDocument {
  readonly label: LocaleText;
  readonly create: string;
  /** Field of the new record → expression over this one, `id` included. */
  readonly values?: Readonly<Record<string, Cel>>;
  readonly visibleWhen?: Cel;
  readonly after?: string;
}

export interface FormDocument extends DocumentBase {
  readonly entity: string;
  readonly label: LocaleText;
  /** Where several forms of an entity exist: used for new records, for existing ones, or both (default). */
  readonly use?: 'new' | 'edit' | 'both';
  /** A new record may be made for several people at once: this reference takes many, each gets a record. */
  readonly each?: string;
  readonly actions?: Readonly<Record<string, FormActionDocument>>;
  readonly header?: { readonly fields: Readonly<Record<string, true>> };
  readonly tabs: Readonly<Record<string, FormTabDocument>>;
}

export interface ViewColumnDocument {
  readonly width?: number;
  readonly pinned?: boolean;
  readonly after?: string;
  readonly shown?: boolean;
  readonly align?: 'start' | 'end' | 'center';
}

export interface ViewDocument extends DocumentBase {
  readonly entity: string;
  /** `board`: a column for each value of `by`, records as cards; `calendar`: records on the day of `date`. */
  readonly kind: 'list' | 'board' | 'calendar';
  readonly label: LocaleText;
  /** Of a board: the choice whose values are its columns. */
  readonly by?: string;
  /** Of a calendar: the field by whose day a record lies on it, where it ends, the choice that colours it. */
  readonly date?: string;
  readonly until?: string;
  readonly colour?: string;
  /** Of a calendar: it is part of everybody's own calendar and of its feed. */
  readonly personal?: boolean;
  readonly columns: Readonly<Record<string, ViewColumnDocument>>;
  readonly sort?: string;
  /** Filter in the language of the records API; always applied. */
  readonly filter?: Readonly<Record<string, unknown>>;
  /** Fields offered as quick filters above the list. */
  readonly filters?: Readonly<Record<string, true>>;
}

export interface MenuItemDocument {
  readonly label: LocaleText;
  readonly after?: string;
  readonly icon?: string;
  /** Function permission needed (SEC-06); an item that opens an entity needs its `query` right as well. */
  readonly function?: string;
  readonly view?: string;
  /** Opens the entity's form for a new record. */
  readonly create?: string;
  /** A screen of the application, e.g. `settings.fields`. */
  readonly page?: string;
  /** A command of the window, e.g. `sign-out`. */
  readonly action?: string;
  readonly shown?: boolean;
  readonly items?: Readonly<Record<string, MenuItemDocument>>;
}

/** One group of the main menu (UI-03); groups are ordered by `order`. */
export interface MenuDocument extends DocumentBase {
  readonly label: LocaleText;
  readonly order?: number;
  readonly icon?: string;
  readonly items: Readonly<Record<string, MenuItemDocument>>;
}

/**
 * Rows a grant reaches, narrow to wide. `created`: entered by oneself; `subordinates`: one's own and those of everybody
 * below one in the supervisor tree; `team`: of the members of one's business teams; `territory`: in the regions one
 * answers for, where the entity says by which field its records lie in them; `below`: own unit and those under it.
 */
export type Scope =
  | 'none'
  | 'own'
  | 'created'
  | 'subordinates'
  | 'unit'
  | 'team'
  | 'territory'
  | 'below'
  | 'all';
/** What a grant shows of a field. */
export type FieldLevel = 'hidden' | 'masked' | 'read' | 'write';
export type RecordAction =
  | 'query'
  | 'read'
  | 'create'
  | 'update'
  | 'void'
  | 'delete'
  | 'restore'
  | 'print'
  | 'export'
  | 'transition'
  | 'share';

/**
 * One grant. `entity` may be `*` (every entity for which the same role has no grant of its own). `fields` maps a
 * field name, `*` or `@sensitive` to a level; default `{ "*": "write" }` with sensitive fields hidden.
 */
export interface GrantDocument {
  readonly entity: string;
  /**
   * `deny` refuses what other grants of the user's roles give (SEC-04): the actions in the rows of their scopes, or,
   * with `fields`, only what lies above those levels.
   */
  readonly effect?: 'allow' | 'deny';
  /** Only records of which this CEL condition holds, e.g. of one type or state. It reads the record's own fields. */
  readonly when?: string;
  readonly actions: Readonly<Partial<Record<RecordAction, Scope>>>;
  readonly fields?: Readonly<Record<string, FieldLevel>>;
}

export interface RoleDocument extends DocumentBase {
  readonly label: LocaleText;
  readonly help?: LocaleText;
  /** Roles whose grants and functions this one has too, with what they inherit themselves. */
  readonly inherits?: Readonly<Record<string, boolean>>;
  /** Keyed by any name, usually the entity's; two grants on one entity have two names. */
  readonly grants: Readonly<Record<string, GrantDocument>>;
  /** Function permissions: `{ "metadata.configure": true }`; `"*": true` gives all. */
  readonly functions?: Readonly<Record<string, boolean>>;
  /** Function permissions that nobody with this role has, whatever his other roles give (SEC-04). */
  readonly refusedFunctions?: Readonly<Record<string, boolean>>;
}

/** Geometry in millimetres (DESIGN §9). */
export interface PaperDocument {
  readonly width: number;
  readonly height: number;
  readonly margins?: {
    readonly top: number;
    readonly right: number;
    readonly bottom: number;
    readonly left: number;
  };
  readonly rows?: number;
  readonly columns?: number;
  readonly rowGap?: number;
  readonly columnGap?: number;
}

export interface TemplateDocument extends DocumentBase {
  readonly label: LocaleText;
  /** `*`: a list for any entity. */
  readonly entity: string;
  readonly kind: 'envelope' | 'label' | 'list' | 'letter';
  readonly paper: PaperDocument;
  /** File beside the document that holds the Handlebars body, or the body itself. */
  readonly body: string;
  /**
   * Fields that the body reads, so that only they are fetched, through the gate. `required: true` reports the
   * records that lack the value before printing (PRN-06). A `list` takes its columns from the request instead.
   */
  readonly fields: Readonly<Record<string, { readonly required?: boolean }>>;
  /** Single records beside the printed ones, e.g. `sender` from the entity `company`; read through the gate. */
  readonly sources?: Readonly<
    Record<string, { readonly entity: string; readonly fields: Readonly<Record<string, true>> }>
  >;
}

/** Most records that one person takes out of the system by one road (SEC-08). `unlimited` lifts a limit. */
export interface QuotaDocument {
  readonly perJob?: number | 'unlimited';
  readonly perDay?: number | 'unlimited';
  /** Other limits of a role; of several roles, the widest. */
  readonly roles?: Readonly<Record<string, Pick<QuotaDocument, 'perJob' | 'perDay'>>>;
}

/** What a password must be (SEC-12). What is left out has the value named. */
export interface PasswordRules {
  /** Fewest characters, 8 to 100; 8. */
  readonly minLength?: number;
  /** How many of small letters, capitals, digits and other characters, 1 to 4; 1. */
  readonly classes?: number;
  /** The user name is refused inside of it too, not only as the whole; false. */
  readonly refuseName?: boolean;
  /** Well-known and easily guessed ones are refused; true. */
  readonly refuseCommon?: boolean;
  /** How many former ones may not be taken again, 0 to 24; 0. */
  readonly history?: number;
  /** Days after which it must be changed; 0: never. */
  readonly maxAgeDays?: number;
}

/** From where accounts may be used (NF-SEC-01). */
export interface NetworksDocument {
  /** Role → networks in CIDR notation; of several roles with networks, each must hold the address. */
  readonly roles?: Readonly<Record<string, Readonly<Record<string, true>>>>;
}

type Weekday = 'monday' | 'tuesday' | 'wednesday' | 'thursday' | 'friday' | 'saturday' | 'sunday';

/** When work is done: deadlines may count this time only. */
export interface BusinessHoursDocument {
  readonly weekdays: Readonly<Partial<Record<Weekday, boolean>>>;
  /** By name; `HH:MM` in the business time zone. */
  readonly hours: Readonly<Record<string, { readonly from: string; readonly to: string }>>;
  /** `YYYY-MM-DD` → what is celebrated: no work, whatever the weekday. */
  readonly holidays?: Readonly<Record<string, LocaleText>>;
  /** `YYYY-MM-DD` → why: work, whatever the weekday (调休). */
  readonly makeUpDays?: Readonly<Record<string, LocaleText>>;
}

/** The one document `installation`. */
export interface SettingsDocument extends DocumentBase {
  /** Shown as "<name>CRM" (UI-06). */
  readonly productName: LocaleText;
  /** IANA name; decides `today()` and date fields. */
  readonly timeZone: string;
  readonly currency: string;
  readonly locale: 'zh-CN' | 'en';
  /** How much one person may print, export and mail; absent: no limit. */
  readonly quotas?: Readonly<Partial<Record<'print' | 'export' | 'mail', QuotaDocument>>>;
  readonly passwords?: PasswordRules;
  readonly networks?: NetworksDocument;
  /** Absent: Monday to Friday, 09:00 to 18:00. */
  readonly businessHours?: BusinessHoursDocument;
}

export interface DocumentByKind {
  readonly entity: EntityDocument;
  readonly dictionary: DictionaryDocument;
  readonly form: FormDocument;
  readonly view: ViewDocument;
  readonly menu: MenuDocument;
  readonly role: RoleDocument;
  readonly template: TemplateDocument;
  readonly workflow: WorkflowDocument;
  readonly rule: AutomationRuleDocument;
  readonly settings: SettingsDocument;
}

export type AnyDocument = DocumentByKind[DocumentKind];

/** Folder of each kind inside `metadata/` and `plugins/<name>/metadata/`; templates stand in `templates/`. */
export const FOLDER_OF_KIND: Readonly<Record<DocumentKind, string>> = {
  entity: 'entities',
  dictionary: 'dictionaries',
  form: 'forms',
  view: 'views',
  menu: 'menus',
  role: 'roles',
  template: 'templates',
  workflow: 'workflows',
  rule: 'rules',
  settings: 'settings',
};
