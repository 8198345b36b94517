import type { Fault } from '../errors/problem.ts';
import type { ExpressionType } from '../expression/index.ts';
import { automationFaults } from './check-automation.ts';
import { expressionFaults, expressionTypeOf, typeAt } from './check-expressions.ts';
import type { CheckScope } from './check-scope.ts';
import { docFault } from './doc-fault.ts';
import { documentKey, type EffectiveDocument } from './model.ts';
import { orderFaults, unknown } from './order-faults.ts';
import { pointer } from './pointer.ts';
import type {
  GuardDocument,
  RegionDocument,
  TransitionActionDocument,
  TransitionDocument,
  WhoDocument,
  WorkflowDocument,
} from './workflow-document.ts';

/** The expressions of a workflow see the record's fields and the opinion that was given. */
function workflowTypeAt(entity: string, scope: CheckScope) {
  return (path: readonly string[]): ExpressionType | undefined =>
    typeAt(entity, path, scope) ?? (path.length === 1 && path[0] === 'opinion' ? 'string' : undefined);
}

/** Entities a workflow holds for; `*` reaches those that have all fields of its regions. */
function workflowEntities(
  document: WorkflowDocument,
  entities: Iterable<string>,
  hasField: (entity: string, field: string) => boolean,
): readonly string[] {
  if (document.entity !== '*') return [document.entity];
  const fields = Object.values(document.regions).map((region) => region.field);
  return [...entities].filter((entity) => fields.every((field) => hasField(entity, field)));
}

/** What a workflow document says of fields, states, roles and its own transitions. */
export function checkWorkflow(document: WorkflowDocument, scope: CheckScope): Fault[] {
  if (document.entity !== '*' && !scope.hasEntity(document.entity))
    return [unknown('/entity', document.entity)];
  const entities = workflowEntities(document, scope.entities(), (entity, field) =>
    scope.hasField(entity, field),
  );
  const faults = [...orderFaults(document.regions, '/regions')];
  const [first] = entities;
  if (first === undefined) {
    const regions = Object.entries(document.regions);
    return regions.map(([name, region]) => unknown(`${pointer('/regions', name)}/field`, region.field));
  }
  // A workflow for many entities must mean something on each of them; a fault is told once.
  const told = new Set<string>();
  for (const entity of entities) {
    const found = checkOn(entity, document, scope).filter(({ path, code }) => !told.has(`${path} ${code}`));
    for (const { path, code } of found) told.add(`${path} ${code}`);
    faults.push(...found);
  }
  return faults;
}

function checkOn(entity: string, document: WorkflowDocument, scope: CheckScope): Fault[] {
  const check = new WorkflowCheck(entity, document, scope);
  if (document.when !== undefined) check.expression(document.when, '/when', 'bool');
  for (const [name, region] of Object.entries(document.regions))
    check.region(region, pointer('/regions', name));
  return check.faults;
}

class WorkflowCheck {
  readonly faults: Fault[] = [];
  readonly #entity: string;
  readonly #document: WorkflowDocument;
  readonly #scope: CheckScope;

  constructor(entity: string, document: WorkflowDocument, scope: CheckScope) {
    this.#entity = entity;
    this.#document = document;
    this.#scope = scope;
  }

  expression(source: string, at: string, wanted: ExpressionType | null, entity = this.#entity): void {
    this.faults.push(...expressionFaults(source, at, wanted, workflowTypeAt(entity, this.#scope)));
  }

  region(region: RegionDocument, at: string): void {
    this.#field(region.field, `${at}/field`);
    const { states, transitions } = region;
    const field = this.#scope.fields(this.#entity)[region.field];
    if (field && !isStateField(field))
      this.faults.push(
        docFault(
          `${at}/field`,
          'MRT_DOC_WORKFLOW_FIELD',
          '状态字段须为单选或文本',
          'the state is held by a choice of one value or a text',
        ),
      );
    this.faults.push(
      ...orderFaults(states, `${at}/states`),
      ...orderFaults(transitions, `${at}/transitions`),
    );
    this.#state(states, region.initial, `${at}/initial`);
    if (region.initialFrom !== undefined) this.expression(region.initialFrom, `${at}/initialFrom`, 'string');
    for (const name of Object.keys(states)) {
      if (field && !this.#holds(field, name))
        this.faults.push(unknown(pointer(`${at}/states`, name), `${region.field}: ${name}`));
    }
    for (const [name, state] of Object.entries(states)) this.#deadlines(state, pointer(`${at}/states`, name));
    for (const [name, transition] of Object.entries(transitions))
      this.#transition(region, transition, pointer(`${at}/transitions`, name));
  }

  #deadlines({ deadlines = {} }: RegionDocument['states'][string], at: string): void {
    for (const [name, deadline] of Object.entries(deadlines)) {
      const deadlineAt = pointer(`${at}/deadlines`, name);
      const { days = 0, hours = 0, minutes = 0 } = deadline.after;
      if (days + hours + minutes === 0)
        this.faults.push(
          docFault(`${deadlineAt}/after`, 'MRT_DOC_REQUIRED', '须大于零', 'it must be more than nothing'),
        );
      if (deadline.when !== undefined) this.expression(deadline.when, `${deadlineAt}/when`, 'bool');
      const place = { entity: this.#entity, byClock: true };
      this.faults.push(...automationFaults(deadline, place, this.#scope, deadlineAt));
    }
  }

  #transition(region: RegionDocument, transition: TransitionDocument, at: string): void {
    for (const state of Object.keys(transition.from))
      this.#state(region.states, state, pointer(`${at}/from`, state));
    this.#state(region.states, transition.to, `${at}/to`);
    for (const part of ['required', 'fields', 'watch'] as const) {
      for (const field of Object.keys(transition[part] ?? {}))
        this.#field(field, pointer(`${at}/${part}`, field));
    }
    for (const field of Object.keys(transition.fields ?? {})) {
      if (this.#stateFields().has(field))
        this.faults.push(this.#stateFieldFault(pointer(`${at}/fields`, field)));
    }
    for (const field of Object.keys(transition.notify ?? {})) {
      if (!this.#isUser(field))
        this.faults.push(unknown(pointer(`${at}/notify`, field), `${this.#entity}.${field}`));
    }
    for (const [name, who] of Object.entries(transition.who ?? {}))
      this.#who(who, pointer(`${at}/who`, name));
    const { parts = {} } = transition.approvals ?? {};
    this.faults.push(...orderFaults(parts, `${at}/approvals/parts`));
    for (const [name, part] of Object.entries(parts)) {
      const partAt = pointer(`${at}/approvals/parts`, name);
      if (part.when !== undefined) this.expression(part.when, `${partAt}/when`, 'bool');
      for (const [one, who] of Object.entries(part.who)) {
        const whoAt = pointer(`${partAt}/who`, one);
        this.#who(who, whoAt);
        // Who approves would be who approves: a circle.
        if (who.approverOf !== undefined) this.faults.push(unknown(`${whoAt}/approverOf`, who.approverOf));
      }
    }
    for (const name of Object.keys(transition.fourEyes?.transitions ?? {}))
      this.#knownTransition(name, pointer(`${at}/fourEyes/transitions`, name));
    for (const [name, guard] of Object.entries(transition.guards ?? {}))
      this.#guard(guard, pointer(`${at}/guards`, name));
    this.faults.push(...orderFaults(transition.actions ?? {}, `${at}/actions`));
    for (const [name, action] of Object.entries(transition.actions ?? {}))
      this.#action(region, action, pointer(`${at}/actions`, name));
  }

  #guard(guard: GuardDocument, at: string): void {
    if (guard.when === undefined && guard.who === undefined)
      this.faults.push(docFault(at, 'MRT_DOC_REQUIRED', '须有 when 或 who', 'it needs “when” or “who”'));
    if (guard.when !== undefined) this.expression(guard.when, `${at}/when`, 'bool');
    for (const [name, who] of Object.entries(guard.who ?? {})) this.#who(who, pointer(`${at}/who`, name));
  }

  #isUser(path: string): boolean {
    const def = this.#scope.fieldAt(this.#entity, path);
    return (
      def !== undefined && (def['entity'] === 'user' || def.field === 'user') && def['multiple'] !== true
    );
  }

  #who(who: WhoDocument, at: string): void {
    for (const role of Object.keys(who.roles ?? {})) {
      if (!this.#scope.get('role', role)) this.faults.push(unknown(pointer(`${at}/roles`, role), role));
    }
    const users = [
      ['field', who.field],
      ['unitOf/field', who.unitOf?.field],
      ['supervisorOf', who.supervisorOf],
    ] as const;
    for (const [part, field] of users) {
      if (field !== undefined && !this.#isUser(field))
        this.faults.push(unknown(`${at}/${part}`, `${this.#entity}.${field}`));
    }
    if (who.approverOf !== undefined) this.#knownTransition(who.approverOf, `${at}/approverOf`);
    for (const name of Object.keys(who.stepBy ?? {}))
      this.#knownTransition(name, pointer(`${at}/stepBy`, name));
    if (who.expr !== undefined) this.expression(who.expr, `${at}/expr`, 'bool');
  }

  #action(region: RegionDocument, action: TransitionActionDocument, at: string): void {
    if (action.when !== undefined) this.expression(action.when, `${at}/when`, 'bool');
    if (action.action === 'release') {
      this.#release(action, at);
      return;
    }
    const target = action.action === 'set' ? this.#entity : action.entity;
    if (target === undefined || !this.#scope.hasEntity(target)) {
      this.faults.push(unknown(`${at}/entity`, action.entity ?? ''));
      return;
    }
    for (const [name, source] of Object.entries(action.values)) {
      const valueAt = pointer(`${at}/values`, name);
      const def = this.#scope.fields(target)[name];
      if (!def) {
        this.faults.push(unknown(valueAt, `${target}.${name}`));
        continue;
      }
      const ownState = action.action === 'set' && name === region.field;
      if (ownState || def.compute !== undefined) this.faults.push(this.#stateFieldFault(valueAt));
      this.expression(source, valueAt, expressionTypeOf(def) ?? null);
    }
  }

  /** A release needs whom and which entry of the log; nothing else has a meaning. */
  #release({ values }: TransitionActionDocument, at: string): void {
    for (const name of ['user', 'entry']) {
      if (values[name] === undefined)
        this.faults.push(
          docFault(pointer(`${at}/values`, name), 'MRT_DOC_REQUIRED', '必填', 'it is required'),
        );
    }
    for (const [name, source] of Object.entries(values)) {
      const valueAt = pointer(`${at}/values`, name);
      if (!['user', 'entry', 'reason'].includes(name)) this.faults.push(unknown(valueAt, name));
      this.expression(source, valueAt, 'string');
    }
  }

  #stateFields(): ReadonlySet<string> {
    return new Set(Object.values(this.#document.regions).map((region) => region.field));
  }

  #stateFieldFault(at: string): Fault {
    return docFault(
      at,
      'MRT_DOC_WORKFLOW_FIELD',
      '状态由 to 决定,计算字段由公式决定,不能在此写入',
      'the state follows from “to”, a calculated field from its formula; neither is set here',
    );
  }

  #field(name: string, at: string): void {
    if (!this.#scope.hasField(this.#entity, name)) this.faults.push(unknown(at, `${this.#entity}.${name}`));
  }

  #state(states: RegionDocument['states'], name: string, at: string): void {
    if (!Object.hasOwn(states, name)) this.faults.push(unknown(at, name));
  }

  #knownTransition(name: string, at: string): void {
    const known = Object.values(this.#document.regions).some(({ transitions }) =>
      Object.hasOwn(transitions, name),
    );
    if (!known) this.faults.push(unknown(at, name));
  }

  /** Can the field hold the state? Values of a dictionary are stored rows: they are asked where a change is prepared. */
  #holds(field: Readonly<Record<string, unknown>>, state: string): boolean {
    if (field['field'] !== 'choice') return true;
    const options = field['options'] as Readonly<Record<string, unknown>> | undefined;
    return options === undefined || Object.hasOwn(options, state);
  }
}

function isStateField(field: Readonly<Record<string, unknown>>): boolean {
  return (field['field'] === 'choice' && field['multiple'] !== true) || field['field'] === 'text';
}

/**
 * The names by which transitions are asked for: one meaning each on an entity, over all workflows that can hold for
 * one record. Workflows over the same field exclude each other.
 */
export function checkWorkflowNames(documents: Iterable<EffectiveDocument>, scope: CheckScope): Fault[] {
  const faults: Fault[] = [];
  const seen = new Map<string, { readonly workflow: WorkflowDocument; readonly region: string }>();
  for (const each of documents) {
    if (each.kind !== 'workflow') continue;
    const workflow = each.document as WorkflowDocument;
    const entities = workflowEntities(workflow, scope.entities(), (entity, field) =>
      scope.hasField(entity, field),
    );
    for (const [regionName, region] of Object.entries(workflow.regions)) {
      for (const name of Object.keys(region.transitions)) {
        const taken = entities.some((entity) => {
          const other = seen.get(`${entity} ${name}`);
          seen.set(`${entity} ${name}`, { workflow, region: regionName });
          return (
            other !== undefined && (other.workflow === workflow || !sharesField(other.workflow, workflow))
          );
        });
        if (!taken) continue;
        const at = pointer(`${pointer('/regions', regionName)}/transitions`, name);
        faults.push(
          docFault(
            `${documentKey('workflow', workflow.name)}#${at}`,
            'MRT_DOC_DUPLICATE',
            '同一实体已有同名操作',
            'the entity has another transition of this name',
          ),
        );
      }
    }
  }
  return faults;
}

function sharesField(a: WorkflowDocument, b: WorkflowDocument): boolean {
  const fields = new Set(Object.values(a.regions).map((region) => region.field));
  return Object.values(b.regions).some((region) => fields.has(region.field));
}
