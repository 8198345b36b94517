import { checkExpression, parseExpression, type CheckedExpression } from '../expression/index.ts';
import { pathType } from '../model/derived/path-type.ts';
import type { EntityModel, FieldModel, Model } from '../model/model.ts';
import type {
  ApprovalPartDocument,
  GuardDocument,
  RegionDocument,
  TransitionActionDocument,
  TransitionDocument,
  WhoDocument,
  WorkflowDocument,
} from '../model/workflow-document.ts';

/** One alternative of who may act. */
export interface MachineWho {
  readonly name: string;
  readonly document: WhoDocument;
  readonly expr: CheckedExpression | null;
}

/** A condition of a transition: over the record, over who acts, or both. */
interface MachineGuard {
  readonly document: GuardDocument;
  readonly when: CheckedExpression | null;
  readonly who: readonly MachineWho[];
}

/** One of the approvals of a transition. */
export interface MachinePart {
  readonly name: string;
  readonly document: ApprovalPartDocument;
  readonly who: readonly MachineWho[];
  readonly when: CheckedExpression | null;
}

/** An action with its expressions. */
interface MachineAction {
  readonly document: TransitionActionDocument;
  readonly when: CheckedExpression | null;
  readonly values: readonly { readonly name: string; readonly expression: CheckedExpression }[];
}

export interface MachineTransition {
  readonly name: string;
  readonly region: MachineRegion;
  readonly document: TransitionDocument;
  readonly who: readonly MachineWho[];
  readonly guards: readonly MachineGuard[];
  readonly parts: readonly MachinePart[];
  readonly actions: readonly MachineAction[];
}

export interface MachineRegion {
  readonly name: string;
  readonly document: RegionDocument;
  /** Holds the state. */
  readonly field: FieldModel;
  /** The state follows from other fields: a transition sets those. */
  readonly isCalculated: boolean;
  /** The state of a record that has none; null: the initial one. */
  readonly initialFrom: CheckedExpression | null;
}

/** A workflow on one entity, its expressions checked against the model. */
export interface Machine {
  readonly document: WorkflowDocument;
  /** Hash of the definition; a running instance keeps its own (ENG-12). */
  readonly hash: string;
  readonly when: CheckedExpression | null;
  readonly regions: readonly MachineRegion[];
  readonly transitions: ReadonlyMap<string, MachineTransition>;
  /** Every path that some expression or condition looks at, `old.` included. */
  readonly reads: ReadonlySet<string>;
  /** Reference field → fields of its target that some expression reads. */
  readonly related: ReadonlyMap<string, ReadonlySet<string>>;
  /** Fields with users of whom somebody must be the superior. */
  readonly supervised: ReadonlySet<string>;
}

/**
 * Compiles a definition for an entity of the model.
 * @throws ExpressionError, Error when a definition of the past speaks of what is no longer there
 */
export function compileMachine(
  model: Model,
  entity: EntityModel,
  document: WorkflowDocument,
  hash: string,
): Machine {
  const reads = new Set<string>();
  const check = (text: string): CheckedExpression => {
    const checked = checkExpression(parseExpression(text), {
      field: (path) =>
        pathType(model, entity, path[0] === 'old' && path.length > 1 ? path.slice(1) : path) ??
        (path.length === 1 && path[0] === 'opinion' ? 'string' : undefined),
    });
    for (const read of checked.reads) reads.add(read);
    return checked;
  };
  const optional = (text: string | undefined) => (text === undefined ? null : check(text));
  const supervised = new Set<string>();
  const whoOf = (alternatives: TransitionDocument['who']): readonly MachineWho[] =>
    Object.entries(alternatives ?? {}).map(([name, who]) => {
      if (who.field !== undefined) reads.add(who.field);
      if (who.unit !== undefined) reads.add('unit');
      if (who.authorUnit !== undefined) reads.add(AUTHOR_UNIT);
      if (who.unitOf !== undefined) reads.add(`${who.unitOf.field}.unit`);
      if (who.supervisorOf !== undefined) supervised.add(who.supervisorOf);
      return { name, document: who, expr: optional(who.expr) };
    });
  const transitions = new Map<string, MachineTransition>();
  const regions = Object.entries(document.regions).map(([name, region]): MachineRegion => {
    const field = entity.fields.get(region.field);
    if (!field) throw new Error(`${entity.name} has no field ${region.field}`);
    const initialFrom = optional(region.initialFrom);
    return { name, document: region, field, isCalculated: field.def.compute !== undefined, initialFrom };
  });
  for (const region of regions) {
    for (const [name, each] of Object.entries(region.document.transitions)) {
      for (const field of Object.keys(each.notify ?? {})) reads.add(field);
      transitions.set(name, {
        name,
        region,
        document: each,
        who: whoOf(each.who),
        guards: Object.values(each.guards ?? {}).map((guard) => ({
          document: guard,
          when: optional(guard.when),
          who: whoOf(guard.who),
        })),
        parts: Object.entries(each.approvals?.parts ?? {}).map(([part, of]) => ({
          name: part,
          document: of,
          who: whoOf(of.who),
          when: optional(of.when),
        })),
        actions: Object.values(each.actions ?? {}).map((action) => ({
          document: action,
          when: optional(action.when),
          values: Object.entries(action.values).map(([field, text]) => ({
            name: field,
            expression: check(text),
          })),
        })),
      });
    }
  }
  const when = optional(document.when);
  const related = relatedOf(reads);
  // That a field is filled in, or whose superior somebody is, tells of a field too.
  for (const field of supervised) reads.add(field);
  for (const { document: each } of transitions.values())
    for (const field of Object.keys(each.required ?? {})) reads.add(field);
  return { document, hash, when, regions, transitions, reads, related, supervised };
}

/** Where the department of who entered the record is read. */
export const AUTHOR_UNIT = 'created_by.unit';

function relatedOf(reads: Iterable<string>): ReadonlyMap<string, ReadonlySet<string>> {
  const related = new Map<string, Set<string>>();
  for (const read of reads) {
    const [first = '', second] = read.replace(/^old\./, '').split('.');
    if (second === undefined) continue;
    related.set(first, (related.get(first) ?? new Set<string>()).add(second));
  }
  return related;
}
