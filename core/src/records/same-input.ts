import { problem } from '../errors/catalogue.ts';
import { Problem } from '../errors/problem.ts';
import type { Context } from '../context/context.ts';
import type { EntityModel } from '../model/model.ts';
import type { Transaction } from '../store/database.ts';
import { linesFields } from './stored-columns.ts';
import type { Values } from './draft.ts';
import { readRecord } from './read-record.ts';
import type { RecordData } from './records.ts';
import { isEmptyValue, sameValue } from './same-value.ts';
import { faultAt } from './value-fault.ts';
import type { WriteScope } from './write-scope.ts';

function taken(): Error {
  return problem('MRT_RECORD_CONFLICT', {}, [
    faultAt('/id', 'MRT_VALUE_UNIQUE', '此 id 已被另一条记录使用。', 'Another record already has this id.'),
  ]);
}

function sameLines(sent: unknown, stored: unknown): boolean {
  const given = Array.isArray(sent) ? (sent as Values[]) : [];
  const there = Array.isArray(stored) ? (stored as Values[]) : [];
  return (
    given.length === there.length &&
    given.every((line, index) =>
      Object.entries(line).every(([name, value]) => same(value, there[index]?.[name])),
    )
  );
}

function same(sent: unknown, stored: unknown): boolean {
  return (isEmptyValue(sent) && isEmptyValue(stored)) || sameValue(sent, stored);
}

/**
 * The answer to a create whose id is already there: the stored record when it has the sent values, as a client that
 * lost the first answer needs it. @throws MRT_RECORD_CONFLICT when it is another record
 */
export async function sameInput(
  scope: WriteScope,
  context: Context,
  tx: Transaction,
  entity: EntityModel,
  id: string,
  sent: Values,
): Promise<RecordData> {
  const lines = linesFields(entity).map((field) => field.name);
  let stored: RecordData;
  try {
    stored = await readRecord(
      tx,
      context,
      entity.name,
      id,
      { include: lines.filter((name) => sent[name] !== undefined) },
      scope.dictionaries,
    );
  } catch (error) {
    // Whether it is invisible or in the recycle bin is not the sender's to know.
    throw error instanceof Problem && error.code === 'MRT_RECORD_NOT_FOUND' ? taken() : error;
  }
  const differs = Object.entries(sent).some(([name, value]) => {
    if (name === 'id') return false;
    return lines.includes(name) ? !sameLines(value, stored[name]) : !same(value, stored[name]);
  });
  if (differs) throw taken();
  return stored;
}
