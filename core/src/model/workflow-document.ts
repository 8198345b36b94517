import type { LocaleText } from '../text/locale.ts';
import type { Cel, DocumentBase } from './documents.ts';
import type { AutomationDocument } from './rule-document.ts';

/** What a state means to people and to figures; decides its colour where the document names none. */
type StateKind = 'draft' | 'waiting' | 'active' | 'returned' | 'done' | 'cancelled';

/** What is due while a record stands in a state: a reminder, an escalation. */
export interface DeadlineDocument extends AutomationDocument {
  readonly label: LocaleText;
  /** How long after the record came into the state. */
  readonly after: {
    readonly days?: number;
    readonly hours?: number;
    readonly minutes?: number;
    /** Counts working days and working hours of the settings, not the clock's. */
    readonly working?: boolean;
  };
  /** Asked when it is due: where it does not hold, nothing is done. */
  readonly when?: Cel;
}

export interface StateDocument {
  readonly label: LocaleText;
  /** Working rules of the step, shown to whoever has to act (ENG-20). */
  readonly help?: LocaleText;
  readonly kind?: StateKind;
  readonly color?: string;
  /** By name; each begins when a record comes into the state and ends when it leaves. */
  readonly deadlines?: Readonly<Record<string, DeadlineDocument>>;
  /** Nothing is left to be done here. */
  readonly final?: boolean;
  readonly after?: string;
}

/** People who may act. All that is named must hold; of the alternatives of a transition one is enough. */
export interface WhoDocument {
  /** One of these roles. */
  readonly roles?: Readonly<Record<string, true>>;
  /** The record's department is the actor's (`same`), or that or one under it (`below`). */
  readonly unit?: 'same' | 'below';
  /** The same of the department of who entered the record: with a role, the author's superior. */
  readonly authorUnit?: 'same' | 'below';
  /** The same of the department of the user in a field: `{ "field": "owner", "within": "below" }`. */
  readonly unitOf?: { readonly field: string; readonly within: 'same' | 'below' };
  /**
   * The actor stands above the user in this field: his superior, a superior of that one, or the head of his
   * department or of one above it.
   */
  readonly supervisorOf?: string;
  /** The actor is the user in this field: `owner`, `unit.head`. */
  readonly field?: string;
  /** The actor is one whose approval this transition asks for now: he may return the record instead. */
  readonly approverOf?: string;
  /** The actor did one of these transitions last: he may withdraw it. */
  readonly stepBy?: Readonly<Record<string, true>>;
  readonly expr?: Cel;
}

/** One of the approvals that a transition needs. */
export interface ApprovalPartDocument {
  readonly label: LocaleText;
  /** Alternatives by name: who may give it. */
  readonly who: Readonly<Record<string, WhoDocument>>;
  /** `any` (default): one of them; `all`: each of the alternatives; a number: so many different people. */
  readonly need?: 'any' | 'all' | number;
  /** Asked only of records for which it holds. */
  readonly when?: Cel;
  readonly after?: string;
}

/** Approvals that must be given before a transition moves the record: one after the other, or side by side. */
export interface ApprovalsDocument {
  readonly order?: 'sequence' | 'parallel';
  readonly parts: Readonly<Record<string, ApprovalPartDocument>>;
}

/** Several eyes: who entered the record, or did one of the named transitions in this round, may not do this one. */
interface FourEyesDocument {
  readonly author?: boolean;
  readonly transitions?: Readonly<Record<string, boolean>>;
}

/** What must hold for the record with what the transition's form brings; of both parts, where both are given. */
export interface GuardDocument {
  readonly when?: Cel;
  /** The actor must be one of these, as the form leaves the record: who gives it away, to whom. */
  readonly who?: Readonly<Record<string, WhoDocument>>;
  readonly message: LocaleText;
}

/**
 * What a transition does besides changing the state, in the same transaction. Values are expressions over the
 * record, `user.…`, `now()` and `opinion`.
 */
export interface TransitionActionDocument {
  /**
   * `release` lets somebody go past his quota once (WF-12): `entry` is the refused entry of the output log, `user`
   * who may, `reason` why.
   */
  readonly action: 'set' | 'create' | 'release';
  /** Of `create`: what is made, as the acting user and through his rights. */
  readonly entity?: string;
  readonly values: Readonly<Record<string, Cel>>;
  readonly when?: Cel;
  readonly after?: string;
}

export interface TransitionDocument {
  readonly label: LocaleText;
  readonly help?: LocaleText;
  readonly after?: string;
  readonly from: Readonly<Record<string, true>>;
  readonly to: string;
  /**
   * `request` (default): somebody asks for it. `change`: it happens by itself when a write changes the record's
   * content, or one of the fields in `watch`; nobody can ask for it.
   */
  readonly on?: 'request' | 'change';
  readonly watch?: Readonly<Record<string, true>>;
  /** Alternatives by name; absent: everybody with the right `transition` to the record. */
  readonly who?: Readonly<Record<string, WhoDocument>>;
  /** It moves the record only when all of them are given; each is a step in the log (ENG-10). */
  readonly approvals?: ApprovalsDocument;
  readonly fourEyes?: FourEyesDocument;
  readonly guards?: Readonly<Record<string, GuardDocument>>;
  /** Fields that must be filled by now, in the record or by the form. */
  readonly required?: Readonly<Record<string, true>>;
  /** The form: fields that may be given with the transition by whoever may read them. */
  readonly fields?: Readonly<Record<string, true>>;
  /** Default `none`. */
  readonly opinion?: 'none' | 'optional' | 'required';
  readonly tone?: 'primary' | 'danger';
  /** Not what the state waits for (to cancel, to withdraw): nobody is reminded of it. */
  readonly aside?: boolean;
  /**
   * Users in these fields (`owner`, `created_by`, `unit.head`) are told of the step. Whoever a field names to act next
   * is told without it.
   */
  readonly notify?: Readonly<Record<string, true>>;
  readonly actions?: Readonly<Record<string, TransitionActionDocument>>;
}

/** One machine: what its field holds is the state. Several regions of a workflow run beside each other. */
export interface RegionDocument {
  readonly label: LocaleText;
  readonly after?: string;
  /**
   * Field with the state. Only transitions change it. Where it is calculated (`compute`), the actions must lead to
   * the state named by `to`.
   */
  readonly field: string;
  readonly initial: string;
  /**
   * The state of records that have none yet, because they are older than the workflow: the name of one of `states`, or
   * null for `initial`. Asked once of each, in the background, after the change that brings it.
   */
  readonly initialFrom?: Cel;
  readonly states: Readonly<Record<string, StateDocument>>;
  readonly transitions: Readonly<Record<string, TransitionDocument>>;
}

/** States and approvals of the records of an entity (ENG-10, DESIGN §6). */
export interface WorkflowDocument extends DocumentBase {
  readonly label: LocaleText;
  readonly help?: LocaleText;
  /** `*`: every entity that has the regions' fields and no workflow of its own over them. */
  readonly entity: string;
  /** Records it holds for, e.g. one record type; absent: all. */
  readonly when?: Cel;
  readonly regions: Readonly<Record<string, RegionDocument>>;
}
