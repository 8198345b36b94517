import type { FieldLevel, RecordAction, Scope } from '../model/documents.ts';

/** What was asked: an action on records, or a function permission (`function:metadata.configure`). */
type ExplainedAction = RecordAction | `function:${string}`;

/** The scope of a grant, or by which its person comes to more rows: a share, or a colleague who is away. */
export type ToldScope = Scope | 'shared' | 'standin';

/** One grant of one role, and whether it reaches what was asked about. */
export interface Reason {
  readonly role: string;
  readonly roleLabel: string;
  /** Key of the grant (or of the function) in the role's document; null when the role has none that bears on it. */
  readonly grant: string | null;
  /** The action whose scope it is: `query` and `read` both let one know of a record. */
  readonly right: string;
  readonly scope: ToldScope;
  readonly holds: boolean;
  /** `deny`: it refuses (SEC-04); then `refuses` says whether it reaches what was asked about, and `holds` is false. */
  readonly effect: 'allow' | 'deny';
  readonly refuses?: boolean;
  /** It is the person's own: why, and until which date. */
  readonly personal?: { readonly id: string; readonly reason: string; readonly until: string | null };
  /** It is the filter of a department: which, and what must hold of the records its members see. */
  readonly filter?: { readonly unit: string; readonly condition: string };
  /** Names of the groups by which the person has the role, outermost last. */
  readonly groups?: readonly string[];
  /** The condition under which the grant holds. */
  readonly when?: string;
  /** What the grant shows of the field that was asked about. */
  readonly level?: FieldLevel;
  readonly sentence: string;
}

/** Something other than a grant that stands in the way. */
export interface Obstacle {
  readonly kind:
    | 'account'
    | 'invisible'
    | 'recycle-bin'
    | 'not-in-recycle-bin'
    | 'no-void'
    | 'read-only'
    | 'required-field';
  readonly sentence: string;
}

/** GET /api/v1/access/explain (DESIGN §5, SEC-04). */
export interface Explanation {
  readonly user: { readonly id: string; readonly username: string; readonly display_name: string };
  readonly action: ExplainedAction;
  readonly entity?: string;
  readonly id?: string;
  readonly field?: string;
  /** Exactly the gate's answer. Without `id`: may it be done to any record at all? */
  readonly allowed: boolean;
  /** Of the field that was asked about. */
  readonly level?: FieldLevel;
  readonly sentence: string;
  readonly reasons: readonly Reason[];
  readonly obstacles: readonly Obstacle[];
}

/** GET /api/v1/access/who: the active users who may know of a record, as far as the asker may know of them. */
export interface WhoAnswer {
  readonly items: readonly {
    readonly user: { readonly id: string; readonly username: string; readonly display_name: string };
    readonly query: boolean;
    readonly read: boolean;
    readonly update: boolean;
    readonly reasons: readonly {
      readonly role: string;
      readonly roleLabel: string;
      readonly grant: string;
      readonly right: string;
      readonly scope: ToldScope;
      readonly groups?: readonly string[];
      readonly personal?: Reason['personal'];
      readonly when?: string;
    }[];
  }[];
  readonly total: number;
}

/** Something in the rights that contradicts itself, is without effect, or puts duties together (SEC-10). */
export interface Conflict {
  readonly kind: 'shadowed' | 'contradicted' | 'duty';
  readonly role?: string;
  readonly roleLabel?: string;
  readonly grant?: string;
  readonly entity?: string;
  readonly user?: { readonly id: string; readonly username: string; readonly display_name: string };
  readonly personal?: Reason['personal'];
  readonly sentence: string;
}

/** GET /api/v1/access/conflicts: those of roles first, then those of people. */
export interface ConflictsAnswer {
  readonly items: readonly Conflict[];
}
