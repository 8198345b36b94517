import { checkExpression, parseExpression, type CheckedExpression } from '../expression/index.ts';
import type { EntityModel, FieldModel, Model } from '../model/model.ts';
import type { RuleDocument } from '../model/documents.ts';
import { pathType } from '../model/derived/path-type.ts';

/** What a new record gets in a field that was not sent. */
type DefaultValue =
  | { readonly field: FieldModel; readonly value: unknown }
  | { readonly field: FieldModel; readonly expression: CheckedExpression };

interface FieldExpression {
  readonly field: FieldModel;
  readonly expression: CheckedExpression;
}

/** Everything an entity calculates, type-checked once per model version. */
export interface Calculations {
  readonly defaults: readonly DefaultValue[];
  /** In the order in which they depend on each other. */
  readonly computed: readonly FieldExpression[];
  readonly requiredWhen: readonly FieldExpression[];
  readonly readOnlyWhen: readonly FieldExpression[];
  readonly rules: readonly {
    readonly name: string;
    readonly rule: RuleDocument;
    readonly expression: CheckedExpression;
  }[];
  /** Reference field → fields of its target that some expression reads (`customer.province`). */
  readonly related: ReadonlyMap<string, ReadonlySet<string>>;
}

const CACHE = new WeakMap<EntityModel, Calculations>();

function isExpression(value: unknown): value is { readonly expr: string } {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    typeof (value as { expr?: unknown }).expr === 'string'
  );
}

/** Puts computed fields behind those they read. Circles were refused when the document was saved. */
function inOrder(computed: readonly FieldExpression[]): FieldExpression[] {
  const byName = new Map(computed.map((each) => [each.field.name, each]));
  const ordered = new Set<FieldExpression>();
  const visiting = new Set<FieldExpression>();
  const visit = (each: FieldExpression): void => {
    if (ordered.has(each) || visiting.has(each)) return;
    visiting.add(each);
    for (const read of each.expression.reads) {
      const other = byName.get(read);
      if (other) visit(other);
    }
    ordered.add(each);
  };
  for (const each of computed) visit(each);
  return [...ordered];
}

function compile(model: Model, entity: EntityModel): Calculations {
  const check = (text: string) =>
    checkExpression(parseExpression(text), { field: (path) => pathType(model, entity, path) });
  const defaults: DefaultValue[] = [];
  const computed: FieldExpression[] = [];
  const requiredWhen: FieldExpression[] = [];
  const readOnlyWhen: FieldExpression[] = [];
  for (const field of entity.fields.values()) {
    const { def } = field;
    if (typeof def.compute === 'string') computed.push({ field, expression: check(def.compute) });
    else if (isExpression(def.default)) defaults.push({ field, expression: check(def.default.expr) });
    else if (def.default !== undefined) defaults.push({ field, value: def.default });
    if (def.requiredWhen !== undefined) requiredWhen.push({ field, expression: check(def.requiredWhen) });
    if (def.readOnlyWhen !== undefined) readOnlyWhen.push({ field, expression: check(def.readOnlyWhen) });
  }
  const rules = Object.entries(entity.document.rules ?? {}).map(([name, rule]) => ({
    name,
    rule,
    expression: check(rule.when),
  }));
  const all = [
    ...computed,
    ...requiredWhen,
    ...readOnlyWhen,
    ...rules,
    ...defaults.flatMap((each) => ('expression' in each ? [each] : [])),
  ];
  const related = new Map<string, Set<string>>();
  for (const { expression } of all) {
    for (const read of expression.reads) {
      const [first = '', second] = read.replace(/^old\./, '').split('.');
      if (second === undefined) continue;
      const fields = related.get(first) ?? new Set();
      related.set(first, fields.add(second));
    }
  }
  return { defaults, computed: inOrder(computed), requiredWhen, readOnlyWhen, rules, related };
}

/** The calculations of an entity. */
export function calculationsOf(model: Model, entity: EntityModel): Calculations {
  let calculations = CACHE.get(entity);
  if (!calculations) CACHE.set(entity, (calculations = compile(model, entity)));
  return calculations;
}
