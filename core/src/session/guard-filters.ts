import { conditionSql, rowCondition } from '../access/row-condition.ts';
import type { Context } from '../context/context.ts';
import { invalidRecord, problem } from '../errors/catalogue.ts';
import type { Fault } from '../errors/problem.ts';
import { ExpressionError } from '../expression/index.ts';
import type { EntityModel } from '../model/model.ts';
import type { BeforeWrite } from '../plugin/api.ts';
import type { RecordData } from '../records/records.ts';
import { faultAt } from '../records/value-fault.ts';
import type { Transaction } from '../store/database.ts';
import { sessionSql } from './session-sql.ts';

const NEEDED = 'users.configure';

/** @throws MRT_ACCESS_FUNCTION for who does not look after users */
export function requireUsers(context: Context): void {
  if (!context.access.mayUse(NEEDED)) throw problem('MRT_ACCESS_FUNCTION', { function: NEEDED });
}

/**
 * What a department sees is said by who looks after users, of what may be filtered, in words that fit it (SEC-09).
 * @throws MRT_ACCESS_FUNCTION, MRT_RECORD_INVALID
 */
export function guardFilter({ draft }: BeforeWrite, context: Context): Promise<void> {
  requireUsers(context);
  const name = String(draft['entity'] ?? '');
  const entity = context.model.entities.get(name);
  const faults =
    entity?.document.departmentFilter === true
      ? conditionFaults(entity, String(draft['condition'] ?? ''))
      : [
          faultAt(
            '/entity',
            'MRT_VALUE_CHOICE',
            `“${name}”不能按部门限定。`,
            `Records of “${name}” are not filtered by department.`,
          ),
        ];
  if (faults.length > 0) throw invalidRecord(faults);
  return Promise.resolve();
}

function conditionFaults(entity: EntityModel, condition: string): Fault[] {
  try {
    conditionSql(rowCondition(entity, condition), entity, 't', () => '$1');
    return [];
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    const place = error.position + 1;
    return [
      faultAt(
        '/condition',
        'MRT_DOC_EXPRESSION',
        `${error.text['zh-CN']}(第 ${place} 个字符)`,
        `${error.text.en} (character ${place})`,
      ),
    ];
  }
}

/**
 * Everybody names his own deputy, and who looks after users anybody's; who stands in for somebody must be able to sign
 * in (SEC-16). @throws MRT_ACCESS_FUNCTION, MRT_RECORD_INVALID
 */
export async function guardDeputy(
  { draft, previous }: BeforeWrite,
  context: Context,
  tx: Transaction,
): Promise<void> {
  requireOwn(draft, context);
  if (previous) requireOwn(previous, context);
  const id = draft['deputy'];
  if (typeof id !== 'string') return;
  const [user] = await tx.query<{ active: boolean }>(sessionSql(context.model).userById(id));
  if (user?.active !== false) return;
  throw invalidRecord([
    faultAt('/deputy', 'MRT_VALUE_REFERENCE', '该账号已停用。', 'This account is switched off.'),
  ]);
}

/** @throws MRT_ACCESS_FUNCTION for the deputy of somebody else */
export function requireOwn(deputy: RecordData, context: Context): void {
  if (deputy['owner'] !== context.actor.id) requireUsers(context);
}
