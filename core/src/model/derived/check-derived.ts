import type { Fault } from '../../errors/problem.ts';
import {
  checkExpression,
  ExpressionError,
  type ExpressionType,
  parseExpression,
  toExpressionType,
} from '../../expression/index.ts';
import { fieldType, hasFieldType } from '../../fields/registry.ts';
import type { CheckScope } from '../check-scope.ts';
import { docFault } from '../doc-fault.ts';
import type { EntityDocument, FieldDocument, RollupDocument } from '../documents.ts';
import { pointer } from '../pointer.ts';
import { SYSTEM_FIELD_NAMES } from '../system-fields.ts';
import { columnHolds } from './derived-column.ts';
import { derivedFields, walk } from './derived-fields.ts';

/** Attributes that a value which follows others cannot have. */
const UNFIT = [
  'required',
  'requiredWhen',
  'readOnlyWhen',
  'default',
  'unique',
  'part',
  'duplicateCheck',
] as const;
/**
 * What has another answer a moment later, for somebody else, or before the change: nothing of it can be kept. `today()`
 * can: what asks for it is calculated anew every day.
 */
const PASSING: ReadonlySet<string> = new Set(['now', 'under', 'companyKey', 'including', 'excluding']);

/** Faults of the roll-ups and of the formulas over other records of an entity. */
export function checkDerivedFields(document: EntityDocument, scope: CheckScope): Fault[] {
  const faults: Fault[] = [];
  const derived = derivedFields(document);
  for (const [name, def] of Object.entries(document.properties)) {
    const at = pointer('/properties', name);
    if (def.retired === true) continue;
    if (def.rollup !== undefined && (SYSTEM_FIELD_NAMES.has(name) || !hasFieldType(def.field))) {
      faults.push(
        docFault(`${at}/rollup`, 'MRT_DOC_ROLLUP', '此字段不能汇总', 'this field cannot be a roll-up'),
      );
      continue;
    }
    if (!derived.has(name) || SYSTEM_FIELD_NAMES.has(name) || !hasFieldType(def.field)) continue;
    faults.push(...unfitFaults(def, at));
    if (def.rollup !== undefined) faults.push(...rollupFaults(document, def, def.rollup, at, scope));
    else if (typeof def.compute === 'string')
      faults.push(...passingFaults(def.compute, `${at}/compute`, document.name, scope));
  }
  return faults;
}

function unfitFaults(def: FieldDocument, at: string): Fault[] {
  const faults = UNFIT.filter((attribute) => def[attribute] !== undefined && def[attribute] !== false).map(
    (attribute) =>
      docFault(
        `${at}/${attribute}`,
        'MRT_DOC_DERIVED',
        `随其他记录变化的字段不能设置“${attribute}”`,
        `a field that follows other records cannot have “${attribute}”`,
      ),
  );
  if (def.rollup !== undefined && def.compute !== undefined)
    faults.push(
      docFault(
        `${at}/compute`,
        'MRT_DOC_DERIVED',
        '汇总字段不能再有公式',
        'a roll-up cannot have a formula as well',
      ),
    );
  if (!columnHolds(fieldType(def.field).columnType(def)))
    faults.push(
      docFault(
        `${at}/field`,
        'MRT_DOC_DERIVED',
        `“${fieldType(def.field).label['zh-CN']}”字段不能随其他记录变化`,
        `a field of the type “${fieldType(def.field).label.en}” cannot follow other records`,
      ),
    );
  return faults;
}

/** Faults of a formula whose value is kept: it must say the same whoever asks and whenever. */
function passingFaults(source: string, at: string, entity: string, scope: CheckScope): Fault[] {
  const faults: Fault[] = [];
  const refuse = (name: string, position: number): void => {
    faults.push(
      docFault(
        at,
        'MRT_DOC_EXPRESSION',
        `“${name}”不能用于随其他记录保存的值(第 ${position + 1} 个字符)`,
        `“${name}” cannot be used in a value that is kept up to date over several records (character ${position + 1})`,
      ),
    );
  };
  try {
    walk(parseExpression(source).ast, (node) => {
      if (node.kind === 'call' && PASSING.has(node.name)) refuse(`${node.name}()`, node.position);
      if (node.kind !== 'path') return;
      const [first = ''] = node.path;
      if (node.path.length > 1 && (first === 'old' || first === 'user'))
        refuse(node.path.join('.'), node.position);
      else if (scope.hasAttribute(entity, node.path)) refuse(node.path.join('.'), node.position);
    });
  } catch (error) {
    // What cannot be read at all is told by the check of all expressions.
    if (!(error instanceof ExpressionError)) throw error;
  }
  return faults;
}

function typeOf(def: FieldDocument | undefined): ExpressionType | undefined {
  return def && hasFieldType(def.field)
    ? toExpressionType(fieldType(def.field).expressionType(def))
    : undefined;
}

function rollupFaults(
  document: EntityDocument,
  def: FieldDocument,
  rollup: RollupDocument,
  at: string,
  scope: CheckScope,
): Fault[] {
  const here = `${at}/rollup`;
  if (!scope.hasEntity(rollup.entity))
    return [
      docFault(
        `${here}/entity`,
        'MRT_DOC_REFERENCE',
        `实体“${rollup.entity}”不存在`,
        `the entity “${rollup.entity}” does not exist`,
      ),
    ];
  const by = scope.fields(rollup.entity)[rollup.by];
  if (by?.field !== 'reference' || by.entity !== document.name)
    return [
      docFault(
        `${here}/by`,
        'MRT_DOC_REFERENCE',
        `“${rollup.entity}.${rollup.by}”不是指向本实体的引用字段`,
        `“${rollup.entity}.${rollup.by}” is not a reference to this entity`,
      ),
    ];
  return [...measureFaults(def, rollup, here, scope), ...whereFaults(rollup, `${here}/where`, scope)];
}

/** What can be made of a field of one type, as the type of the result. */
function resultOf(rollup: RollupDocument, source: ExpressionType | undefined): ExpressionType | null {
  if (rollup.function === 'count') return 'int';
  const isNumber = source === 'int' || source === 'decimal';
  if (rollup.function === 'avg') return isNumber ? 'decimal' : null;
  if (rollup.function === 'sum') return isNumber ? source : null;
  return source !== undefined && (isNumber || source === 'date' || source === 'datetime') ? source : null;
}

function measureFaults(def: FieldDocument, rollup: RollupDocument, here: string, scope: CheckScope): Fault[] {
  if (rollup.function === 'count' && rollup.field !== undefined)
    return [docFault(`${here}/field`, 'MRT_DOC_ROLLUP', '计数不需要字段', 'a count takes no field')];
  if (rollup.function !== 'count') {
    const path = `${here}/field`;
    if (rollup.field === undefined)
      return [
        docFault(path, 'MRT_DOC_REQUIRED', '请指明要汇总的字段', 'the field to be summed up is missing'),
      ];
    if (!scope.hasField(rollup.entity, rollup.field))
      return [
        docFault(
          path,
          'MRT_DOC_REFERENCE',
          `字段“${rollup.entity}.${rollup.field}”不存在`,
          `the field “${rollup.entity}.${rollup.field}” does not exist`,
        ),
      ];
  }
  const source = rollup.field === undefined ? undefined : scope.fields(rollup.entity)[rollup.field];
  const result = resultOf(rollup, typeOf(source));
  if (result === null)
    return [
      docFault(
        `${here}/field`,
        'MRT_DOC_ROLLUP',
        `“${rollup.function}”不能用于此字段的类型`,
        `“${rollup.function}” cannot be made of a field of this type`,
      ),
    ];
  const own = typeOf(def);
  if (own === result || (own === 'decimal' && result === 'int')) return [];
  return [
    docFault(
      `${here}/function`,
      'MRT_DOC_ROLLUP',
      `结果类型为 ${result},与字段类型不符`,
      `the result is of the type ${result}, which the field does not hold`,
    ),
  ];
}

function whereFaults(rollup: RollupDocument, at: string, scope: CheckScope): Fault[] {
  if (rollup.where === undefined) return [];
  const far = (path: readonly string[]): boolean => path.length > 1;
  try {
    const checked = checkExpression(parseExpression(rollup.where), {
      field: (path) => (far(path) ? undefined : typeOf(scope.fields(rollup.entity)[path[0] ?? ''])),
    });
    if (checked.type !== 'bool')
      return [
        docFault(
          at,
          'MRT_DOC_EXPRESSION',
          `条件的结果须为真或假,而不是 ${checked.type}`,
          `a condition must yield true or false, not ${checked.type}`,
        ),
      ];
    return passingFaults(rollup.where, at, rollup.entity, scope);
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    return [
      docFault(
        at,
        'MRT_DOC_EXPRESSION',
        `${error.text['zh-CN']}(第 ${error.position + 1} 个字符)`,
        `${error.text.en} (character ${error.position + 1})`,
      ),
    ];
  }
}
