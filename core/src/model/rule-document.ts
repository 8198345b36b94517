import type { LocaleText } from '../text/locale.ts';
import type { Cel, DocumentBase } from './documents.ts';

/** What starts a rule. One document has one trigger; what another one needs stays out. */
export interface RuleTriggerDocument {
  /**
   * `create` and `change`: a write of a record. `transition`: a step of a workflow. `date`: a moment relative to a
   * date field. `schedule`: a time table.
   */
  readonly on: 'create' | 'change' | 'transition' | 'date' | 'schedule';
  /** Of `change`: only when one of these fields changes; absent: any. */
  readonly fields?: Readonly<Record<string, true>>;
  /** Of `change`: only when this did not hold before the write and holds after it. */
  readonly becomes?: Cel;
  /** Of `change`: a new record counts as changed in all the fields it has. */
  readonly create?: boolean;
  /** Of `transition`: which ones. */
  readonly transitions?: Readonly<Record<string, true>>;
  /** Of `date`: a date or date-time field. */
  readonly field?: string;
  /** Of `date`: so many days later, before it when negative. */
  readonly days?: number;
  /** Of `date`, for a date-time field: so many hours more. */
  readonly hours?: number;
  /** Of `date`: at this time of the business time zone, `09:00`; for a date-time field absent: at its own time. */
  readonly at?: string;
  /** Of `schedule`: five fields, in the business time zone. */
  readonly cron?: string;
}

/** One thing that a rule or a deadline does. */
export interface AutomationActionDocument {
  readonly action: 'set' | 'create' | 'transition' | 'notify' | 'webhook' | 'plugin';
  /** Of `create`: what is made. */
  readonly entity?: string;
  /** Field → expression for `set`, `create` and the form of a transition; name → expression for what is sent. */
  readonly values?: Readonly<Record<string, Cel>>;
  readonly transition?: string;
  /** Of `transition`. */
  readonly opinion?: Cel;
  /** Of `notify`: the users in these fields, `owner`, `unit.head`. */
  readonly to?: Readonly<Record<string, true>>;
  /** Of `notify`: what they are told, behind the name of the record. */
  readonly message?: LocaleText;
  /** Of `webhook`: where it is sent; fixed, so that no record decides it. */
  readonly url?: string;
  /** Of `webhook`: name of the secret that signs it. */
  readonly secret?: string;
  /** Of `webhook`: 1–60, default 10. */
  readonly timeoutSeconds?: number;
  /** Of `plugin`: its name, and which of its actions. */
  readonly plugin?: string;
  readonly call?: string;
  readonly when?: Cel;
  readonly after?: string;
}

/** What is done, and with whose rights. */
export interface AutomationDocument {
  /** Roles whose rights it acts with. Absent: those of the person whose write started it. */
  readonly roles?: Readonly<Record<string, true>>;
  /** Of a failure within a write: `refuse` (default) refuses the write, `log` only tells the run log. */
  readonly onError?: 'refuse' | 'log';
  /** In their order. */
  readonly actions: Readonly<Record<string, AutomationActionDocument>>;
}

/** Trigger → condition → actions (ENG-13, DESIGN §6). */
export interface AutomationRuleDocument extends DocumentBase, AutomationDocument {
  readonly label: LocaleText;
  readonly help?: LocaleText;
  /** Whose records; absent only for a schedule that concerns no record. */
  readonly entity?: string;
  /** Default true. */
  readonly active?: boolean;
  readonly trigger: RuleTriggerDocument;
  /** Must hold for the record. */
  readonly when?: Cel;
}
