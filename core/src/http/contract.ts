/**
 * Shapes of the HTTP API that the browser application uses (DESIGN §12). Types only: safe to import in a browser.
 */
import type {
  DictionaryDocument,
  DocumentKind,
  FieldLevel,
  FormDocument,
  MenuItemDocument,
  RecordAction,
  ViewDocument,
} from '../model/documents.ts';
import type { DuplicateCandidate } from '../duplicates/duplicates.ts';
import type { ProblemBody } from '../errors/problem.ts';
import type { Locale, LocaleText } from '../text/locale.ts';

export type { ProblemBody } from '../errors/problem.ts';
export type * from '../model/documents.ts';
export type {
  HistoryEntry,
  ListAnswer,
  RecordData,
  RecordRight,
  AggregateRequest,
} from '../records/records.ts';
export type { DuplicateCandidate } from '../duplicates/duplicates.ts';
export type { Explanation, WhoAnswer } from '../explain/explanation.ts';
export type { SessionView } from '../session/session.ts';
export type { TokenView } from '../token/token.ts';
export type { Locale, LocaleText } from '../text/locale.ts';

/** POST /api/v1/session */
export interface SessionAnswer {
  readonly user: { readonly id: string; readonly username: string; readonly display_name: string };
  readonly csrf: string;
  readonly model: { readonly version: number };
}

/** GET /api/v1/setup — public: what the sign-in screen may know. */
export interface SetupAnswer {
  readonly productName: LocaleText;
  readonly locale: Locale;
  /** True until an administrator has finished the first-run wizard. */
  readonly firstRun: boolean;
  readonly version: string;
}

/** POST /api/v1/setup — finishes the first-run wizard; sample data takes a while. */
export interface SetupRequest {
  readonly productName?: LocaleText;
  readonly locale?: Locale;
  readonly demo?: boolean;
}

/** POST /api/v1/me/password → 204; ends the other sessions. */
export interface PasswordRequest {
  readonly old: string;
  readonly new: string;
}

/** POST /api/v1/users/:id/password → 204; by default the user must change it at the next sign-in. */
export interface UserPasswordRequest {
  readonly password: string;
  readonly must_change?: boolean;
}

/**
 * POST /api/v1/records/:entity/bulk — all rows in one transaction, or with `each` every row by itself. An item is a
 * record; `update` needs its `id` and `version`, `delete` and `void` its `id`.
 */
export interface BulkRequest {
  readonly operation: 'create' | 'update' | 'delete' | 'void';
  readonly items: readonly Readonly<Record<string, unknown>>[];
  readonly each?: boolean;
  readonly reason?: string;
}

/** In the order sent; with `each` a refused row has its problem in place of its id. */
export interface BulkAnswer {
  readonly results: readonly {
    readonly id?: string;
    readonly version?: number;
    readonly problem?: ProblemBody;
  }[];
}

/**
 * POST /api/v1/records/:entity/duplicates — the checked fields as typed so far, with `exclude` the record that is being
 * edited; the likeliest first, at most ten.
 */
export interface DuplicatesAnswer {
  readonly items: readonly DuplicateCandidate[];
}

/** GET /api/v1/me; PATCH /api/v1/me {settings} saves the personal settings (merge). */
export interface MeAnswer {
  readonly user: {
    readonly id: string;
    readonly username: string;
    readonly display_name: string;
    readonly unit: string | null;
    readonly unit_name: string | null;
    readonly must_change_password: boolean;
  };
  readonly roles: readonly { readonly name: string; readonly label: LocaleText }[];
  /** Function permissions held; `*` means all. */
  readonly functions: readonly string[];
  readonly locale: Locale;
  readonly csrf: string;
  readonly settings: PersonalSettings;
}

/** DM-USR-05. `views` keeps a user's column choice per view. */
export interface PersonalSettings {
  readonly locale?: Locale;
  readonly theme?: 'light' | 'dark' | 'system';
  readonly density?: 'compact' | 'normal';
  readonly showTaskPanel?: boolean;
  readonly views?: Readonly<
    Record<
      string,
      {
        readonly columns?: readonly string[];
        readonly widths?: Readonly<Record<string, number>>;
        readonly sort?: string;
      }
    >
  >;
  readonly shortcuts?: readonly { readonly label: string; readonly path: string }[];
}

/** One field as a user may see it: permissions resolved, hidden ones absent. */
export interface FieldView {
  readonly name: string;
  readonly type: string;
  readonly label: LocaleText;
  readonly help?: LocaleText;
  readonly required: boolean;
  readonly readOnly: boolean;
  readonly level: FieldLevel;
  readonly system: boolean;
  readonly sortable: boolean;
  readonly operators: readonly string[];
  /** Attributes of the type: maxLength, dictionary, multiple, entity, by, item, visibleWhen, requiredWhen, … */
  readonly def: Readonly<Record<string, unknown>>;
}

/** GET /api/v1/model/entities/:name */
export interface EntityView {
  readonly name: string;
  readonly label: LocaleText;
  readonly display: string;
  readonly sort: string;
  readonly ownership: 'user' | 'parent';
  readonly parent: { readonly entity: string; readonly field: string } | null;
  readonly reviews: boolean;
  /** Actions granted for at least some rows. */
  readonly actions: readonly RecordAction[];
  readonly fields: readonly FieldView[];
  readonly forms: readonly FormDocument[];
  readonly views: readonly ViewDocument[];
  readonly templates: readonly { readonly name: string; readonly label: LocaleText; readonly kind: string }[];
}

/** GET /api/v1/model/dictionaries/:name — values in order, parents before children. */
export interface DictionaryView {
  readonly name: string;
  readonly label: LocaleText;
  readonly tree: boolean;
  readonly mappings: DictionaryDocument['mappings'];
  readonly values: readonly {
    readonly code: string;
    readonly label: LocaleText;
    readonly parent: string | null;
    readonly active: boolean;
    readonly color?: string;
    readonly data?: Readonly<Record<string, unknown>>;
  }[];
}

/** GET /api/v1/model — the summary; entities and dictionaries are fetched by name, cached by `hash`. */
export interface ModelAnswer {
  readonly version: number;
  readonly hash: string;
  readonly productName: LocaleText;
  readonly timeZone: string;
  readonly currency: string;
  readonly entities: readonly {
    readonly name: string;
    readonly label: LocaleText;
    readonly display: string;
    readonly actions: readonly RecordAction[];
  }[];
  readonly dictionaries: readonly {
    readonly name: string;
    readonly label: LocaleText;
    readonly tree: boolean;
    readonly revision: number;
  }[];
  readonly menus: readonly {
    readonly name: string;
    readonly label: LocaleText;
    readonly icon?: string;
    readonly items: Readonly<Record<string, MenuItemDocument>>;
  }[];
}

/** GET /api/v1/metadata/documents/:kind/:name */
export interface DocumentAnswer {
  readonly kind: DocumentKind;
  readonly name: string;
  readonly document: Readonly<Record<string, unknown>>;
  /** Sent back with the change, so that a concurrent one is noticed. */
  readonly base: string;
  readonly provenance: Readonly<Record<string, string>>;
}

export interface DocumentChange {
  readonly kind: DocumentKind;
  readonly name: string;
  readonly base?: string;
  /** The wished effective document; null takes back the site's overlay (or a document the site made). */
  readonly document: Readonly<Record<string, unknown>> | null;
}

export type Risk = 'none' | 'locks' | 'rewrites' | 'hides-data' | 'loses-data';

export interface PlanOperation {
  /** `field.add`, `field.change`, `field.retire`, `entity.add`, `value.add`, `value.change`, `document.change`, … */
  readonly operation: string;
  /** Sentence for people, e.g. «联系人.微信号 新增:文本,50». */
  readonly text: LocaleText;
  readonly risk: Risk;
  readonly sql: readonly string[];
  readonly rows: number | null;
}

/** POST /api/v1/metadata/plan {changes, note} */
export interface PlanAnswer {
  readonly plan: readonly PlanOperation[];
  readonly risks: readonly Risk[];
  readonly sql: readonly string[];
  readonly warnings: readonly LocaleText[];
  readonly token: string;
}

/** POST /api/v1/metadata/apply {token} | {changes, note, accept} */
export interface ApplyAnswer {
  readonly version: number;
}

/** GET /api/v1/metadata/versions */
export interface VersionAnswer {
  readonly items: readonly {
    readonly version: number;
    readonly at: string;
    readonly author: string;
    readonly note: string;
    readonly summary: readonly LocaleText[];
  }[];
}

/** GET /api/v1/plugins */
export interface PluginsAnswer {
  readonly items: readonly {
    readonly name: string;
    readonly version: string;
    readonly label: LocaleText;
    readonly description?: LocaleText;
    readonly enabled: boolean;
    readonly dependencies: readonly string[];
    readonly entities: readonly string[];
  }[];
}

/** Server-sent events: `metadata` {version}, `dictionary` {name}, `record` {entity, id}. */
export type ServerEvent =
  | { readonly event: 'metadata'; readonly data: { readonly version: number } }
  | { readonly event: 'dictionary'; readonly data: { readonly name: string } }
  | { readonly event: 'record'; readonly data: { readonly entity: string; readonly id: string } };
