import { moneyCompanions } from './money-companions.ts';
import type { Fault } from '../errors/problem.ts';
import { fieldType, hasFieldType } from '../fields/registry.ts';
import { checkFieldExpressions } from './check-expressions.ts';
import { checkDerivedFields } from './derived/check-derived.ts';
import type { CheckScope } from './check-scope.ts';
import { docFault } from './doc-fault.ts';
import type { EntityDocument, FieldDocument } from './documents.ts';
import type { EffectiveDocument } from './model.ts';
import { brokenOrder } from './order.ts';
import { pointer } from './pointer.ts';
import { systemFields } from './system-fields.ts';

/** Checks an entity document against the other documents. Paths are relative to the document. */
export function checkEntity(effective: EffectiveDocument<EntityDocument>, scope: CheckScope): Fault[] {
  const { document } = effective;
  const faults: Fault[] = [];
  const system = systemFields(document);
  const missing = (at: string, field: string): void => {
    if (!scope.hasField(document.name, field))
      faults.push(
        docFault(at, 'MRT_DOC_REFERENCE', `字段“${field}”不存在`, `the field “${field}” does not exist`),
      );
  };

  missing('/display', document.display);
  for (const field of Object.keys(document.identify ?? {})) missing(pointer('/identify', field), field);
  for (const [name, rule] of Object.entries(document.unique ?? {})) {
    for (const field of Object.keys(rule.fields))
      missing(`${pointer('/unique', name)}${pointer('/fields', field)}`, field);
  }
  for (const key of (document.sort ?? '').split(',').filter(Boolean)) missing('/sort', key.replace(/^-/, ''));
  faults.push(...parentFaults(document, scope), ...placeFaults(document, scope));

  for (const { key, reason } of brokenOrder(document.properties)) {
    const at = pointer(pointer('/properties', key), 'after');
    const follows = document.properties[key]?.after ?? '';
    if (reason === 'cycle') faults.push(docFault(at, 'MRT_DOC_CYCLE', '顺序成环', 'the order is circular'));
    else if (!Object.hasOwn(system, follows))
      faults.push(
        docFault(at, 'MRT_DOC_REFERENCE', `字段“${follows}”不存在`, `the field “${follows}” does not exist`),
      );
  }

  const columns = new Map<string, string>();
  for (const [name, def] of Object.entries(document.properties)) {
    const at = pointer('/properties', name);
    const kept = Object.hasOwn(system, name) ? system[name] : undefined;
    if (kept || name in Object.prototype) {
      if (!kept || (def.field !== undefined && def.field !== kept.def.field)) {
        faults.push(
          docFault(
            `${at}/field`,
            'MRT_DOC_RESERVED',
            `“${name}”是系统字段`,
            `“${name}” is a field of the platform`,
          ),
        );
      }
      continue;
    }
    faults.push(...fieldFaults(document, name, def, at, scope));
    for (const taken of [name, ...Object.keys(moneyCompanions(name, def, ''))]) {
      const other = columns.get(taken) ?? (taken !== name && document.properties[taken] ? taken : undefined);
      if (other !== undefined)
        faults.push(
          docFault(
            at,
            'MRT_DOC_DUPLICATE',
            `与字段“${other}”重名`,
            `the name clashes with the field “${other}”`,
          ),
        );
      columns.set(taken, name);
    }
  }
  faults.push(...checkFieldExpressions(document, scope), ...checkDerivedFields(document, scope));
  return faults;
}

function fieldFaults(
  document: EntityDocument,
  name: string,
  def: FieldDocument,
  at: string,
  scope: CheckScope,
): Fault[] {
  if (def.field === undefined || !hasFieldType(def.field)) {
    return [
      docFault(
        `${at}/field`,
        'MRT_DOC_FIELD_TYPE',
        `没有字段类型“${String(def.field)}”`,
        `there is no field type “${String(def.field)}”`,
      ),
    ];
  }
  const faults = fieldType(def.field)
    .check(def, scope.within(document.name))
    .map((fault) => ({ path: `${at}${fault.at}`, code: fault.code, message: fault.message }));
  const backwards = def.field === 'children' || def.field === 'lines';
  if (backwards && scope.hasEntity(String(def.entity))) {
    const by = scope.fields(String(def.entity))[String(def.by)];
    if (by && (by.field !== 'reference' || by.entity !== document.name)) {
      faults.push({
        ...docFault(
          `${at}/by`,
          'MRT_DOC_REFERENCE',
          `“${String(def.by)}”不指向本实体`,
          `“${String(def.by)}” does not refer to this entity`,
        ),
      });
    }
  }
  const dependsOn = (def.dependsOn as { field?: string } | undefined)?.field;
  if (dependsOn !== undefined && !scope.hasField(document.name, dependsOn)) {
    faults.push({
      ...docFault(
        `${at}/dependsOn/field`,
        'MRT_DOC_REFERENCE',
        `字段“${dependsOn}”不存在`,
        `the field “${dependsOn}” does not exist`,
      ),
    });
  }
  if (dependsOn !== undefined && dependsInCircle(document, name)) {
    faults.push({
      ...docFault(`${at}/dependsOn`, 'MRT_DOC_CYCLE', '级联关系成环', 'the cascade is circular'),
    });
  }
  return faults;
}

function dependsInCircle(document: EntityDocument, name: string): boolean {
  const next = (field: string): string | undefined =>
    (document.properties[field]?.dependsOn as { field?: string } | undefined)?.field;
  const seen = new Set<string>();
  for (let at = next(name); at !== undefined && !seen.has(at); at = next(at)) {
    if (at === name) return true;
    seen.add(at);
  }
  return false;
}

/** What says by what records are placed, shared and filtered; a line follows its record in all of it. */
function placeFaults(document: EntityDocument, scope: CheckScope): Fault[] {
  const { territory, sharing, departmentFilter } = document;
  if (document.ownership === 'parent')
    return Object.entries({ territory, sharing, departmentFilter }).flatMap(([name, value]) =>
      value === undefined
        ? []
        : [docFault(`/${name}`, 'MRT_DOC_LINE', '明细行随其主记录', 'a line follows its record')],
    );
  if (territory === undefined) return [];
  const field = scope.fields(document.name)[territory];
  return field?.field === 'choice' && field['dictionary'] !== undefined
    ? []
    : [
        docFault(
          '/territory',
          'MRT_DOC_REFERENCE',
          `“${territory}”不是取自字典的选项字段`,
          `“${territory}” is not a choice from a dictionary`,
        ),
      ];
}

function parentFaults(document: EntityDocument, scope: CheckScope): Fault[] {
  if (document.ownership !== 'parent') return [];
  const parent = document.parent === undefined ? undefined : document.properties[document.parent];
  if (parent?.field !== 'reference' || parent.required !== true) {
    return [
      docFault(
        '/parent',
        'MRT_DOC_REFERENCE',
        '行实体须以必填的引用字段指明上级',
        'a line entity names a required reference field as its parent',
      ),
    ];
  }
  const holder = scope.get('entity', String(parent.entity));
  return holder?.ownership === 'parent'
    ? [docFault('/parent', 'MRT_DOC_NESTED', '行不能再有行', 'lines cannot have lines of their own')]
    : [];
}
