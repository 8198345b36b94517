import { checkExpression, parseExpression, type CheckedExpression } from '../expression/index.ts';
import { pathType } from '../model/derived/path-type.ts';
import type { EntityModel, Model } from '../model/model.ts';
import type {
  AutomationActionDocument,
  AutomationDocument,
  AutomationRuleDocument,
} from '../model/rule-document.ts';

/** Value by value, what an action writes or sends. */
export interface NamedExpression {
  readonly name: string;
  readonly expression: CheckedExpression;
}

/** An action with its expressions. */
export interface AutomationAction {
  readonly name: string;
  readonly document: AutomationActionDocument;
  readonly when: CheckedExpression | null;
  readonly opinion: CheckedExpression | null;
  readonly values: readonly NamedExpression[];
  /** Who is told. */
  readonly to: readonly CheckedExpression[];
}

/** What is done by itself, compiled against the model. */
export interface Automation {
  readonly document: AutomationDocument;
  readonly entity: EntityModel | null;
  readonly actions: readonly AutomationAction[];
  /** Reference field → fields of its target that some expression reads. */
  readonly related: ReadonlyMap<string, ReadonlySet<string>>;
}

/** A rule whose document holds in this model. */
export interface Rule extends Automation {
  readonly document: AutomationRuleDocument;
  readonly when: CheckedExpression | null;
  readonly becomes: CheckedExpression | null;
}

/** Checks expressions over an entity's records and collects what they read of other records. */
class Compiler {
  readonly related = new Map<string, Set<string>>();
  readonly #model: Model;
  readonly #entity: EntityModel | null;

  constructor(model: Model, entity: EntityModel | null) {
    this.#model = model;
    this.#entity = entity;
  }

  check(text: string): CheckedExpression {
    const checked = checkExpression(parseExpression(text), {
      field: (path) =>
        this.#entity === null
          ? undefined
          : pathType(this.#model, this.#entity, path[0] === 'old' && path.length > 1 ? path.slice(1) : path),
    });
    for (const read of checked.reads) {
      const [first = '', second] = read.replace(/^old\./, '').split('.');
      if (second === undefined) continue;
      this.related.set(first, (this.related.get(first) ?? new Set<string>()).add(second));
    }
    return checked;
  }

  optional(text: string | undefined): CheckedExpression | null {
    return text === undefined ? null : this.check(text);
  }

  actions(document: AutomationDocument): readonly AutomationAction[] {
    return Object.entries(document.actions).map(([name, action]) => ({
      name,
      document: action,
      when: this.optional(action.when),
      opinion: this.optional(action.opinion),
      to: Object.keys(action.to ?? {}).map((path) => this.check(path)),
      values: Object.entries(action.values ?? {}).map(([field, text]) => ({
        name: field,
        expression: this.check(text),
      })),
    }));
  }
}

/** Compiles a rule, also one that is not in the model yet: a dry run asks before it goes live. */
export function compileRule(model: Model, document: AutomationRuleDocument): Rule {
  const entity = document.entity === undefined ? null : (model.entities.get(document.entity) ?? null);
  const compiler = new Compiler(model, entity);
  const when = compiler.optional(document.when);
  const becomes = compiler.optional(document.trigger.becomes);
  const actions = compiler.actions(document);
  return { document, entity, when, becomes, actions, related: compiler.related };
}

interface RulesOfModel {
  readonly byName: ReadonlyMap<string, Rule>;
  /** Those that writes start, by entity. */
  readonly onWrite: ReadonlyMap<string, readonly Rule[]>;
  /** Those that the clock starts. */
  readonly byClock: readonly Rule[];
}

const CACHE = new WeakMap<Model, RulesOfModel>();

/** The rules of a model that are switched on, compiled once. */
export function rulesOf(model: Model): RulesOfModel {
  let rules = CACHE.get(model);
  if (!rules) CACHE.set(model, (rules = compileAll(model)));
  return rules;
}

function compileAll(model: Model): RulesOfModel {
  const byName = new Map<string, Rule>();
  const onWrite = new Map<string, Rule[]>();
  const byClock: Rule[] = [];
  for (const document of model.rules.values()) {
    const isRetired = document.entity !== undefined && !model.entities.has(document.entity);
    if (document.active === false || isRetired) continue;
    const rule = compileRule(model, document);
    byName.set(document.name, rule);
    const { on } = document.trigger;
    if (on === 'date' || on === 'schedule') byClock.push(rule);
    else if (rule.entity) onWrite.set(rule.entity.name, [...(onWrite.get(rule.entity.name) ?? []), rule]);
  }
  return { byName, onWrite, byClock };
}
