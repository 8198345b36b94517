import type { Fault } from '../errors/problem.ts';
import type {
  DictionaryDocument,
  EntityDocument,
  FormActionDocument,
  FormDocument,
  MenuDocument,
  MenuItemDocument,
  RoleDocument,
  SettingsDocument,
  TemplateDocument,
  ViewDocument,
} from './documents.ts';
import { checkRole } from './check-role.ts';
import { checkEntity } from './check-entity.ts';
import type { ExpressionType } from '../expression/index.ts';
import { expressionFaults, expressionTypeOf, typeAt } from './check-expressions.ts';
import { checkRule } from './check-rule.ts';
import { checkWorkflow, checkWorkflowNames } from './check-workflow.ts';
import { checkCircles } from './derived/check-circles.ts';
import { CheckScope } from './check-scope.ts';
import { checkSettings } from './check-settings.ts';
import { docFault } from './doc-fault.ts';
import { documentKey, type EffectiveDocument } from './model.ts';
import { orderFaults, unknown } from './order-faults.ts';
import { pointer } from './pointer.ts';
import type { AutomationRuleDocument } from './rule-document.ts';
import type { WorkflowDocument } from './workflow-document.ts';

/**
 * What documents say of one another: references to nothing, circles, names used twice, expressions that do not fit
 * the fields. Expects documents of right shape. An empty answer means that a model can be compiled.
 */
export function checkModel(documents: ReadonlyMap<string, EffectiveDocument>): readonly Fault[] {
  const scope = new CheckScope(documents);
  const faults = [...documents.values()].flatMap((each) => {
    const key = documentKey(each.kind, each.name);
    return checkOne(each, scope).map((fault) => ({ ...fault, path: `${key}#${fault.path}` }));
  });
  return [
    ...faults,
    ...checkWorkflowNames(documents.values(), scope),
    ...checkCircles(documents.values(), scope),
  ];
}

function checkOne(each: EffectiveDocument, scope: CheckScope): Fault[] {
  switch (each.kind) {
    case 'entity':
      return checkEntity(each as EffectiveDocument<EntityDocument>, scope);
    case 'dictionary':
      return checkDictionary(each.document as DictionaryDocument);
    case 'form':
      return checkForm(each.document as FormDocument, scope);
    case 'view':
      return checkView(each.document as ViewDocument, scope);
    case 'menu':
      return checkMenu((each.document as MenuDocument).items, '/items', scope);
    case 'role':
      return checkRole(each.document as RoleDocument, scope);
    case 'template':
      return checkTemplate(each.document as TemplateDocument, scope);
    case 'workflow':
      return checkWorkflow(each.document as WorkflowDocument, scope);
    case 'rule':
      return checkRule(each.document as AutomationRuleDocument, scope);
    case 'settings':
      return checkSettings(each.document as SettingsDocument);
  }
}

/** Parents must exist and lead upwards to a root. */
export function checkDictionary(document: DictionaryDocument): Fault[] {
  const faults: Fault[] = [];
  for (const [code, value] of Object.entries(document.values)) {
    if (value.parent === undefined) continue;
    const at = pointer(pointer('/values', code), 'parent');
    if (document.tree !== true)
      faults.push(
        docFault(at, 'MRT_DOC_NOT_A_TREE', '此字典不是树,不能有上级', 'this dictionary is not a tree'),
      );
    else if (!Object.hasOwn(document.values, value.parent)) faults.push(unknown(at, value.parent));
    else if (leadsToItself(document, code))
      faults.push(docFault(at, 'MRT_DOC_CYCLE', '上级关系成环', 'the parents form a circle'));
  }
  return faults;
}

function leadsToItself(document: DictionaryDocument, code: string): boolean {
  const seen = new Set<string>();
  for (let at = document.values[code]?.parent; at !== undefined; at = document.values[at]?.parent) {
    if (at === code) return true;
    if (seen.has(at)) return false;
    seen.add(at);
  }
  return false;
}

function checkForm(form: FormDocument, scope: CheckScope): Fault[] {
  if (!scope.hasEntity(form.entity)) return [unknown('/entity', form.entity)];
  const faults: Fault[] = [...orderFaults(form.tabs, '/tabs')];
  const mustHave = (field: string, at: string): void => {
    if (!scope.hasField(form.entity, field)) faults.push(unknown(at, `${form.entity}.${field}`));
  };
  for (const field of Object.keys(form.header?.fields ?? {}))
    mustHave(field, pointer('/header/fields', field));
  if (form.each !== undefined && scope.fieldType(form.entity, form.each) !== 'reference')
    faults.push(unknown('/each', `${form.entity}.${form.each}`));
  faults.push(...orderFaults(form.actions ?? {}, '/actions'));
  for (const [name, action] of Object.entries(form.actions ?? {}))
    faults.push(...checkFormAction(form.entity, action, pointer('/actions', name), scope));
  for (const [tabName, tab] of Object.entries(form.tabs)) {
    const tabAt = pointer('/tabs', tabName);
    if (tab.related) {
      const { entity, by, view } = tab.related;
      if (!scope.hasEntity(entity)) faults.push(unknown(`${tabAt}/related/entity`, entity));
      else if (!scope.hasField(entity, by)) faults.push(unknown(`${tabAt}/related/by`, `${entity}.${by}`));
      if (view !== undefined && !scope.get('view', view)) faults.push(unknown(`${tabAt}/related/view`, view));
    }
    for (const [sectionName, section] of Object.entries(tab.sections ?? {})) {
      const at = pointer(`${tabAt}/sections`, sectionName);
      for (const field of Object.keys(section.fields ?? {})) mustHave(field, pointer(`${at}/fields`, field));
      faults.push(...orderFaults(section.fields ?? {}, `${at}/fields`));
    }
  }
  return faults;
}

function checkFormAction(entity: string, action: FormActionDocument, at: string, scope: CheckScope): Fault[] {
  if (!scope.hasEntity(action.create)) return [unknown(`${at}/create`, action.create)];
  const check = (source: string, path: string, wanted: ExpressionType | null): Fault[] =>
    expressionFaults(source, path, wanted, (read) => typeAt(entity, read, scope));
  const values = Object.entries(action.values ?? {}).flatMap(([name, source]) => {
    const def = scope.fields(action.create)[name];
    const valueAt = pointer(`${at}/values`, name);
    if (!def) return [unknown(valueAt, `${action.create}.${name}`)];
    return check(source, valueAt, expressionTypeOf(def) ?? null);
  });
  const { visibleWhen } = action;
  return visibleWhen === undefined ? values : [...values, ...check(visibleWhen, `${at}/visibleWhen`, 'bool')];
}

function checkView(view: ViewDocument, scope: CheckScope): Fault[] {
  if (!scope.hasEntity(view.entity)) return [unknown('/entity', view.entity)];
  const faults = orderFaults(view.columns, '/columns');
  for (const column of Object.keys(view.columns)) {
    if (!scope.fieldAt(view.entity, column))
      faults.push(unknown(pointer('/columns', column), `${view.entity}.${column}`));
  }
  if ((view.kind === 'board') !== (view.by !== undefined))
    faults.push(
      docFault(
        '/by',
        'MRT_DOC_REQUIRED',
        '看板须有分栏字段 by,列表没有',
        'a board needs “by”, a list has none',
      ),
    );
  else if (view.by !== undefined && scope.fieldType(view.entity, view.by) !== 'choice')
    faults.push(unknown('/by', `${view.entity}.${view.by}`));
  faults.push(...calendarFaults(view, scope));
  for (const field of Object.keys(view.filters ?? {})) {
    if (!scope.fieldAt(view.entity, field))
      faults.push(unknown(pointer('/filters', field), `${view.entity}.${field}`));
  }
  for (const key of (view.sort ?? '').split(',').filter(Boolean)) {
    if (!scope.fieldAt(view.entity, key.replace(/^-/, ''))) faults.push(unknown('/sort', key));
  }
  return faults;
}

/** A calendar needs a date; start and end are of one type, the colour is of a choice. */
function calendarFaults(view: ViewDocument, scope: CheckScope): Fault[] {
  const { entity, kind, date, until, colour, personal } = view;
  const faults: Fault[] = [];
  if ((kind === 'calendar') !== (date !== undefined))
    faults.push(
      docFault(
        '/date',
        'MRT_DOC_REQUIRED',
        '日历须有日期字段 date,其他视图没有',
        'a calendar needs “date”, other views have none',
      ),
    );
  if (kind !== 'calendar') {
    for (const [name, value] of Object.entries({ until, colour, personal }))
      if (value !== undefined) faults.push(unknown(`/${name}`, name));
    return faults;
  }
  const typeOf = (field: string): string | undefined => scope.fieldType(entity, field);
  if (date !== undefined && !['date', 'datetime'].includes(typeOf(date) ?? ''))
    faults.push(unknown('/date', `${entity}.${date}`));
  if (until !== undefined && date !== undefined && typeOf(until) !== typeOf(date))
    faults.push(unknown('/until', `${entity}.${until}`));
  if (colour !== undefined && typeOf(colour) !== 'choice')
    faults.push(unknown('/colour', `${entity}.${colour}`));
  return faults;
}

function checkMenu(
  items: Readonly<Record<string, MenuItemDocument>>,
  at: string,
  scope: CheckScope,
): Fault[] {
  const faults = orderFaults(items, at);
  for (const [name, item] of Object.entries(items)) {
    const itemAt = pointer(at, name);
    if (item.view !== undefined && !scope.get('view', item.view))
      faults.push(unknown(`${itemAt}/view`, item.view));
    if (item.create !== undefined && !scope.hasEntity(item.create))
      faults.push(unknown(`${itemAt}/create`, item.create));
    if (item.items) faults.push(...checkMenu(item.items, `${itemAt}/items`, scope));
  }
  return faults;
}

function checkTemplate(template: TemplateDocument, scope: CheckScope): Fault[] {
  const sources = Object.entries(template.sources ?? {}).flatMap(([name, source]) => {
    const at = pointer('/sources', name);
    if (!scope.hasEntity(source.entity)) return [unknown(`${at}/entity`, source.entity)];
    return Object.keys(source.fields)
      .filter((field) => !scope.fieldAt(source.entity, field))
      .map((field) => unknown(pointer(`${at}/fields`, field), `${source.entity}.${field}`));
  });
  if (template.entity === '*') return sources;
  if (!scope.hasEntity(template.entity)) return [unknown('/entity', template.entity)];
  const fields = Object.keys(template.fields)
    .filter((field) => !scope.fieldAt(template.entity, field))
    .map((field) => unknown(pointer('/fields', field), `${template.entity}.${field}`));
  return [...fields, ...sources];
}
