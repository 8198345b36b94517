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
import type { RuleFigures, RunEntry } from '../automation/run-list.ts';
import type { SecretEntry } from '../automation/secrets.ts';
import type { OutputEntry, UnusualUse } from '../output/output.ts';
import type { Operation } from '../records/operations/operations.ts';
import type { DuplicateCandidate, Judgement } from '../duplicates/duplicates.ts';
import type { NotificationKind } from '../notify/notify.ts';
import type { PreviewedEntity } from '../explain/preview.ts';
import type { SearchGroup } from '../search/search.ts';
import type { ProblemBody } from '../errors/problem.ts';
import type { Locale, LocaleText } from '../text/locale.ts';

export type { ProblemBody } from '../errors/problem.ts';
export type * from '../model/documents.ts';
export type {
  DeadlineDocument,
  RegionDocument,
  TransitionDocument,
  WhoDocument,
  WorkflowDocument,
} from '../model/workflow-document.ts';
export type { TrialAnswer, TrialEffects, TrialRequest, TrialStep, TrialTaken } from '../trial/trial.ts';
export type {
  AutomationActionDocument,
  AutomationRuleDocument,
  RuleTriggerDocument,
} from '../model/rule-document.ts';
export type { DryRunAnswer, WouldDo, WouldRun } from '../automation/dry-run.ts';
export type { DeliveryEntry, RunEntry } from '../automation/run-list.ts';
export type {
  HistoryEntry,
  ListAnswer,
  RecordData,
  RecordRight,
  AggregateRequest,
  OfferedTransition,
  RegionState,
  TransitionsAnswer,
} from '../records/records.ts';
export type { StoredDraft } from '../drafts/drafts.ts';
export type { QuotasAnswer, SubjectLimits, SubjectQuota } from '../output/quotas.ts';
export type { AuditAction, AuditAnswer, AuditEntry } from '../audit/audit.ts';
export type { OutputEntry, OutputKind, UnusualUse } from '../output/output.ts';
export type { HandOverAnswer, Responsibility } from '../records/handover/handover.ts';
export type { MergeAnswer, MovedReferences } from '../records/merge/merge.ts';
export type { ShareView } from '../records/sharing/list-shares.ts';
export type { Operation, UndoAnswer, UndoneRecord } from '../records/operations/operations.ts';
export type { DuplicateCandidate, Judgement } from '../duplicates/duplicates.ts';
export type { LikelyDuplicates } from '../duplicates/confirm-duplicates.ts';
export type { AgendaAnswer, AgendaEntry } from '../agenda/read-agenda.ts';
export type { ReminderView, RemindersAnswer } from '../reminders/create-reminders.ts';
export type { NotificationsAnswer, NotificationView } from '../notifications/create-notifications.ts';
export type { TodoAnswer, TodoGroup } from '../todo/read-todo.ts';
export type { SearchGroup, SearchHit } from '../search/search.ts';
export type { Conflict, ConflictsAnswer, Explanation, WhoAnswer } from '../explain/explanation.ts';
export type { BackupsAnswer, BackupView } from '../backup/backups.ts';
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
 * record; `update` needs its `id` and `version`, `delete` and `void` its `id`, `transition` its `id` and
 * perhaps `version`, `input` and `opinion`.
 */
export interface BulkRequest {
  readonly operation: 'create' | 'update' | 'delete' | 'void' | 'transition';
  /** For `transition`: its name. */
  readonly transition?: string;
  readonly items: readonly Readonly<Record<string, unknown>>[];
  readonly each?: boolean;
  readonly reason?: string;
}

/** In the order sent; with `each` a refused row has its problem in place of its id. */
export interface BulkAnswer {
  /** To be undone with POST /api/v1/operations/:id/undo; null when no row was written. */
  readonly operation: string | null;
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

/** GET /api/v1/records/:entity/:id/judgements — records that this one was judged different from, newest first (ENT-03). */
export interface JudgementsAnswer {
  readonly items: readonly Judgement[];
}

/** GET /api/v1/search?q= — the entity with the best hit first. */
export interface SearchAnswer {
  readonly groups: readonly SearchGroup[];
}

/** GET /api/v1/me/password: what a password must be. */
export interface PasswordRulesAnswer {
  readonly rules: readonly { readonly code: string; readonly message: string }[];
}

/** GET /api/v1/output-log */
export type {
  FigureGroup,
  FiguredWorkflow,
  StepFigure,
  WaitingFigure,
  WorkflowFigures,
} from '../figures/workflow-figures.ts';

export interface OutputLogAnswer {
  readonly items: readonly OutputEntry[];
  readonly total: number;
}

/** GET /api/v1/output-log/unusual */
export interface UnusualAnswer {
  readonly items: readonly UnusualUse[];
}

/** GET /api/v1/operations — the own ones, newest first; with `?all=true` and the function `audit.read` everybody's. */
export interface OperationsAnswer {
  readonly items: readonly Operation[];
}

/** GET /api/v1/access/preview?user=: what a user sees (SEC-04). */
export interface PreviewAnswer {
  readonly user: { readonly id: string; readonly username: string; readonly display_name: string };
  /** A disabled or deleted account sees nothing; the rest says what it would. */
  readonly active: boolean;
  readonly roles: readonly {
    readonly name: string;
    readonly label: LocaleText;
    readonly groups: readonly string[];
  }[];
  /** Every group he is in; `through` names those between. */
  readonly groups: readonly {
    readonly id: string;
    readonly name: string;
    readonly through: readonly string[];
  }[];
  readonly functions: readonly string[];
  readonly menus: ModelAnswer['menus'];
  readonly entities: readonly PreviewedEntity[];
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
  /** Sorts of notifications that are left out are false (NTF-02). */
  readonly notifications?: Readonly<Partial<Record<NotificationKind, boolean>>>;
  /** What is mailed: a digest every day from that hour on, and at once notifications of these sorts. */
  readonly mail?: {
    readonly digest?: 'off' | 'daily';
    readonly hour?: number;
    readonly atOnce?: Readonly<Partial<Record<NotificationKind, boolean>>>;
  };
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
  /** Transitions that somebody with these rights may ask for; whether on a record, only the record tells. */
  readonly transitions: readonly TransitionView[];
}

/** A transition of an entity, as a list offers it for many records. */
export interface TransitionView {
  readonly name: string;
  readonly label: LocaleText;
  /** Field that holds the state, and the states it leads from. */
  readonly field: string;
  readonly from: readonly string[];
  readonly opinion: 'none' | 'optional' | 'required';
  readonly tone: 'primary' | 'danger' | null;
  /** It has a form, which a list cannot fill in. */
  readonly hasForm: boolean;
}

/** GET /api/v1/model/dictionaries/:name — values in order, parents before children. */
export interface DictionaryView {
  readonly name: string;
  readonly label: LocaleText;
  readonly tree: boolean;
  /** This person may add a value while picking one: POST …/values {label, parent?} → {code}. */
  readonly extensible: boolean;
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
    /** Departments may be limited to a part of its records. */
    readonly departmentFilter?: boolean;
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

/**
 * What becomes of stored values; sent beside the changes of a plan or an apply.
 * - `convert`: values that do not fit the new type of a field: `mapping` gives new ones for old texts, `otherwise` what
 *   takes the place of the rest (null empties them); without it they refuse the change.
 * - `fill`: a value for the records that have none, e.g. when the field becomes required.
 * - `join`: every record with the dictionary value `from` gets `to`, and `from` is retired.
 * - `split`: the records of `entity` with the value `from` that fulfil the condition `when` (CEL) get `to`.
 * - `purge`: a retired field (or, without `field`, a retired entity) is dropped with its data, for good.
 * - `rounds`: what becomes of records that are under way in a workflow that changes: `states` gives for each region the
 *   state that takes the place of one that goes, `move` lets all running rounds go over to the new definition instead of
 *   keeping theirs (ENG-12).
 */
export type DataChange =
  | ({ readonly type: 'convert'; readonly entity: string; readonly field: string } & Mending)
  | { readonly type: 'fill'; readonly entity: string; readonly field: string; readonly value: unknown }
  | { readonly type: 'join'; readonly dictionary: string; readonly from: string; readonly to: string }
  | {
      readonly type: 'split';
      readonly dictionary: string;
      readonly from: string;
      readonly to: string;
      readonly entity: string;
      readonly when: string;
    }
  | { readonly type: 'purge'; readonly entity: string; readonly field?: string }
  | ({ readonly type: 'rounds'; readonly workflow: string } & RoundsChoice);

/** What becomes of the records that are under way in a workflow. */
export interface RoundsChoice {
  /** Region → state that goes → state that takes its place. */
  readonly states?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Every running round goes over to the new definition. */
  readonly move?: boolean;
}

/** The records that are under way in a workflow that changes. */
export interface RoundsReport {
  readonly workflow: string;
  /** Rounds that run by an earlier definition. */
  readonly running: number;
  /** Records beyond the first state that have no round of their own: they follow the new definition at once. */
  readonly bare: number;
  /** States that go, as far as records stand in them. */
  readonly states: readonly {
    readonly region: string;
    readonly state: string;
    readonly label: LocaleText;
    readonly count: number;
    /** Of these, the ones that no running round carries on: they need another state. */
    readonly stranded: number;
    readonly targets: readonly { readonly state: string; readonly label: LocaleText }[];
  }[];
  readonly choice: RoundsChoice;
}

/** How values are converted that cannot be by themselves. */
export interface Mending {
  /** Text of the old value → new value. */
  readonly mapping?: Readonly<Record<string, unknown>>;
  /** In place of all others; not given: they refuse the change. */
  readonly otherwise?: unknown;
}

/** Records in the way of a change, as far as the person may read them. */
export interface RowReport {
  /** Values that do not fit the new type, records without a value, values that occur more than once, rounds that run. */
  readonly reason: 'unfit' | 'empty' | 'doubled' | 'rounds';
  readonly entity: string;
  readonly field: string;
  /** All of them, also those that are not in `rows`. */
  readonly count: number;
  readonly rows: readonly { readonly id: string; readonly name?: string; readonly value?: unknown }[];
  /** The change cannot be applied before they are mended. */
  readonly blocks: boolean;
  /** What can be sent as `data` to mend them. */
  readonly ways: readonly ('convert' | 'fill' | 'rounds')[];
  /** Of `rounds`. */
  readonly rounds?: RoundsReport;
}

/**
 * Who waits while an operation is carried out: nobody; everybody for a moment (well under a second); the writers, or
 * readers and writers, as long as it takes to go through the rows.
 */
export type LockTime = 'none' | 'moment' | 'writers' | 'everybody';

export type Risk = 'none' | 'locks' | 'rewrites' | 'hides-data' | 'loses-data';

export interface PlanOperation {
  /** `field.add`, `field.change`, `field.retire`, `entity.add`, `value.add`, `value.change`, `document.change`, … */
  readonly operation: string;
  /** Sentence for people, e.g. «联系人.微信号 新增:文本,50». */
  readonly text: LocaleText;
  readonly risk: Risk;
  readonly sql: readonly string[];
  /** Rows of the table, or of those that are rewritten; null where no table is touched. */
  readonly rows: number | null;
  readonly lock?: LockTime;
  readonly report?: RowReport;
}

/** POST /api/v1/metadata/plan {changes, data, note} */
export interface PlanAnswer {
  /** False while a report blocks it: the token is refused then. */
  readonly ready: boolean;
  readonly plan: readonly PlanOperation[];
  readonly risks: readonly Risk[];
  readonly sql: readonly string[];
  readonly warnings: readonly LocaleText[];
  readonly token: string;
}

/** GET /api/v1/metadata/conflicts: a place where newer files and the site's own changes meet. */
export interface LayerConflict {
  readonly id: string;
  readonly at: string;
  readonly kind: DocumentKind;
  readonly name: string;
  /** JSON Pointer within the document, `''` for the whole. */
  readonly path: string;
  /**
   * `changed`: the shipped value is another one now, the site's stays in force; `refused`: the site's does not go with
   * the new files and was set aside; `renamed`: the files took the name of a site's field, which is now `detail`.
   */
  readonly reason: 'changed' | 'refused' | 'renamed';
  readonly before: unknown;
  readonly site: unknown;
  readonly shipped: unknown;
  readonly detail: string | null;
}

/** POST /api/v1/metadata/package/plan {package, prefer?, resolve?, exact?, note?} */
export interface PackagePlanAnswer {
  /** Places that both sides have changed since their last common version; a side is absent where it lacks the place. */
  readonly conflicts: readonly {
    /** `entity/contact#/properties/wechat/maxLength`; also the key of `resolve`. */
    readonly path: string;
    readonly before?: unknown;
    readonly here?: unknown;
    readonly package?: unknown;
  }[];
  /** Null while there are conflicts. */
  readonly plan: PlanAnswer | null;
}

/** POST /api/v1/metadata/apply {token} | {changes, data, note, accept} */
export interface ApplyAnswer {
  readonly version: number;
}

/** A document, or with `path` (JSON Pointer) a part of one, e.g. `/properties/wechat`. */
export interface RevertSelection {
  readonly kind: string;
  readonly name: string;
  readonly path?: string;
}

/**
 * POST /api/v1/metadata/versions/:n/revert — back to version n. With `changeSet` (its id) only that change set is taken
 * back, with `select` only parts of it. With `preview` nothing is done: the answer is a plan, applied by its token.
 */
export interface RevertRequest {
  readonly preview?: boolean;
  readonly changeSet?: string;
  readonly select?: readonly RevertSelection[];
  readonly note?: string;
}

/** GET /api/v1/metadata/versions */
export interface VersionAnswer {
  readonly items: readonly {
    /** Of the change set; several may lie at one version when only dictionary values changed. */
    readonly id: string;
    readonly version: number;
    readonly at: string;
    readonly author: string;
    readonly note: string;
    readonly summary: readonly LocaleText[];
  }[];
}

/** GET /api/v1/metadata/compare?from=3&to=7 — in words what differs. Only the site's layer is versioned. */
export interface CompareAnswer {
  readonly from: number;
  readonly to: number;
  readonly items: readonly { readonly kind: string; readonly name: string; readonly text: LocaleText }[];
}

/** GET /api/v1/metadata/documents/:kind/:name/provenance?path=/properties/wechat — newest first. */
export interface ProvenanceAnswer {
  /** The layer whose value holds. */
  readonly layer: string;
  readonly items: readonly {
    readonly changeSet: string;
    readonly version: number;
    readonly at: string;
    readonly author: string;
    readonly note: string;
    /** What was set, in words. */
    readonly words: readonly LocaleText[];
    /** The value at the path; null where it was not. */
    readonly before: unknown;
    readonly after: unknown;
  }[];
}

/** GET /api/v1/metadata/steps — what changes have left to be done after their commit; POST …/steps/:id/retry. */
export interface StepsAnswer {
  readonly items: readonly {
    readonly id: string;
    /** `index`, … */
    readonly kind: string;
    readonly subject: string;
    readonly text: LocaleText;
    /** The model version that asks for it. */
    readonly version: number;
    readonly state: 'waiting' | 'running' | 'done' | 'failed';
    readonly done: number;
    /** Null while unknown. */
    readonly total: number | null;
    /** Why it failed, or why it waits to be tried again. */
    readonly error: LocaleText | null;
    readonly at: string;
    readonly updated_at: string;
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

/**
 * Server-sent events: `metadata` {version}, `dictionary` {name}, `record` {entity, id}, and to one person
 * `notification` {user}: there is a new one, or one was read elsewhere.
 */
export type ServerEvent =
  | { readonly event: 'metadata'; readonly data: { readonly version: number } }
  | { readonly event: 'notification'; readonly data: { readonly user: string } }
  | { readonly event: 'dictionary'; readonly data: { readonly name: string } }
  | { readonly event: 'record'; readonly data: { readonly entity: string; readonly id: string } };

/** GET /api/v1/rules — the rules and how they have done in the last seven days. */
export interface RulesAnswer {
  readonly items: readonly ({
    readonly name: string;
    readonly label: LocaleText;
    readonly entity: string | null;
    readonly trigger: string;
    readonly active: boolean;
  } & RuleFigures)[];
  /** What rules can call of the enabled plugins. */
  readonly pluginActions: readonly {
    readonly plugin: string;
    readonly call: string;
    readonly label: LocaleText;
  }[];
  /** Secrets that sign webhooks; their values are told once, when they are made. */
  readonly secrets: readonly SecretEntry[];
}

/** GET /api/v1/rules/runs — newest first; `next` is the `before` of the next page. */
export interface RunsAnswer {
  readonly items: readonly RunEntry[];
  readonly next?: string;
}
