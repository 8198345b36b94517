import type { Fault } from '../errors/problem.ts';
import {
  checkExpression,
  compileSqlCondition,
  ExpressionError,
  parseExpression,
  type ExpressionType,
} from '../expression/index.ts';
import { fieldType, hasFieldType } from '../fields/registry.ts';
import { expressionTypeOf } from './check-expressions.ts';
import type { CheckScope } from './check-scope.ts';
import { docFault } from './doc-fault.ts';
import type { FieldDocument, GrantDocument, RoleDocument } from './documents.ts';
import { unknown } from './order-faults.ts';
import { pointer } from './pointer.ts';

/** Entities, fields and roles that a role names must be there, its conditions fit them, and no role inherit itself. */
export function checkRole(role: RoleDocument, scope: CheckScope): Fault[] {
  const faults = inheritanceFaults(role, scope);
  for (const [name, grant] of Object.entries(role.grants)) {
    const at = pointer('/grants', name);
    if (grant.entity !== '*' && !scope.hasEntity(grant.entity)) {
      faults.push(unknown(`${at}/entity`, grant.entity));
      continue;
    }
    faults.push(...territoryFaults(grant, at, scope));
    if (grant.when !== undefined) faults.push(...conditionFaults(grant, grant.when, `${at}/when`, scope));
    for (const field of Object.keys(grant.fields ?? {})) {
      if (field === '*' || field === '@sensitive' || grant.entity === '*') continue;
      if (!scope.hasField(grant.entity, field))
        faults.push(unknown(pointer(`${at}/fields`, field), `${grant.entity}.${field}`));
    }
  }
  return faults;
}

/** The scope of territories must be one that the entity's records lie in. */
function territoryFaults(grant: GrantDocument, at: string, scope: CheckScope): Fault[] {
  const named = scope.get('entity', grant.entity);
  const parent = named?.parent === undefined ? undefined : named.properties[named.parent]?.entity;
  const entity = typeof parent === 'string' ? scope.get('entity', parent) : named;
  if (!entity || entity.territory !== undefined) return [];
  return Object.entries(grant.actions).flatMap(([action, rows]) =>
    rows === 'territory'
      ? [
          docFault(
            pointer(`${at}/actions`, action),
            'MRT_DOC_TERRITORY',
            `“${entity.name}”的记录没有所属区域(territory)`,
            `records of “${entity.name}” lie in no territory`,
          ),
        ]
      : [],
  );
}

function inheritanceFaults(role: RoleDocument, scope: CheckScope): Fault[] {
  return above(role).flatMap((name) => {
    const at = pointer('/inherits', name);
    if (!scope.get('role', name)) return [unknown(at, name)];
    const reached = new Set([name]);
    for (const each of reached) for (const next of above(scope.get('role', each))) reached.add(next);
    return reached.has(role.name)
      ? [
          docFault(
            at,
            'MRT_DOC_CYCLE',
            `角色“${role.name}”会继承它自己`,
            `the role “${role.name}” would inherit itself`,
          ),
        ]
      : [];
  });
}

function above(role: RoleDocument | undefined): readonly string[] {
  return Object.entries(role?.inherits ?? {}).flatMap(([name, isOn]) => (isOn ? [name] : []));
}

/**
 * A condition must be true or false, of what stands in the record itself, and something SQL can ask: rows are chosen
 * by it in the database and, when they are written, in memory.
 */
function conditionFaults(grant: GrantDocument, source: string, at: string, scope: CheckScope): Fault[] {
  if (grant.entity === '*')
    return [
      docFault(
        at,
        'MRT_DOC_CONDITION_PLACE',
        '条件须针对一种实体,不能用于“*”',
        'a condition is about one entity, not about “*”',
      ),
    ];
  const { parent } = scope.get('entity', grant.entity) ?? {};
  if (parent !== undefined)
    return [
      docFault(
        at,
        'MRT_DOC_CONDITION_PLACE',
        `明细随其主记录,请把条件写在“${parent}”的授权上`,
        `a line follows its record: put the condition on a grant for “${parent}”`,
      ),
    ];
  const typeOf = (path: readonly string[]): ExpressionType | undefined =>
    path.length === 1 ? typeInRecord(scope.fields(grant.entity)[path[0] ?? '']) : undefined;
  try {
    compileSqlCondition(parseExpression(source), {
      column: (path) => {
        const type = typeOf(path);
        return type === undefined ? undefined : { sql: 'c', type };
      },
      bind: () => '$1',
      today: '',
      now: '',
      timeZone: '',
      user: { id: '', unit: null, roles: [] },
    });
    return [];
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    const place = error.position + 1;
    return [
      docFault(
        at,
        'MRT_DOC_EXPRESSION',
        `${error.text['zh-CN']}(第 ${place} 个字符)`,
        `${error.text.en} (character ${place})`,
      ),
    ];
  }
}

/** Its type, where the field is a column of the record; roll-ups and formulas over other records are not. */
function typeInRecord(def: FieldDocument | undefined): ExpressionType | undefined {
  if (!def || def.rollup !== undefined || readsOthers(def)) return undefined;
  if (def.field !== 'id' && (!hasFieldType(def.field) || fieldType(def.field).columnType(def) === null))
    return undefined;
  return expressionTypeOf(def);
}

function readsOthers({ compute }: FieldDocument): boolean {
  if (typeof compute !== 'string') return false;
  const { reads } = checkExpression(parseExpression(compute), { field: () => 'any' });
  return reads.some((path) => path.includes('.'));
}
