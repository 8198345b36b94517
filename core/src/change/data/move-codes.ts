import { docFault } from '../../model/doc-fault.ts';
import type { Fault } from '../../errors/problem.ts';
import type { DataChange } from '../../http/contract.ts';
import type { Model } from '../../model/model.ts';
import type { Database } from '../../store/database.ts';
import type { Dictionaries } from '../../store/dictionaries.ts';
import { quote } from '../../store/quote.ts';
import { documentText, sentence } from '../change-text.ts';
import { conditionSql } from './condition-sql.ts';
import { countOf, type DataWork } from './data-work.ts';
import { dictionaryFields, holdsCode, withCode } from './dictionary-fields.ts';
import { rewriteColumn, type Rewriting } from './rewrite-column.ts';

type Move = Extract<DataChange, { type: 'join' | 'split' }>;

/** Gives records another value of a dictionary: all of them (join), or those that fulfil a condition (split). */
export async function moveCodes(
  db: Database,
  model: Model,
  dictionaries: Dictionaries,
  move: Move,
  path: string,
): Promise<DataWork> {
  const document = model.dictionaries.get(move.dictionary);
  const faults = codeFaults(dictionaries, move, path);
  const rewritings = faults.length > 0 ? [] : rewritingsOf(model, move, path, faults);
  let rows = 0;
  for (const { field, where, values } of rewritings)
    rows += await countOf(
      db,
      `select count(*)::int as n from ${quote(field.column!.table)} t where ${where}`,
      values,
    );
  const name = (code: string): ReturnType<typeof sentence> =>
    dictionaries.value(move.dictionary, code)?.label ?? sentence(code, code);
  const [from, to, dictionary] = [
    name(move.from),
    name(move.to),
    document ? documentText(document) : name(move.dictionary),
  ];
  const entity = move.type === 'split' ? model.entities.get(move.entity)?.label : undefined;
  const text =
    move.type === 'join'
      ? sentence(
          `字典“${dictionary['zh-CN']}”的“${from['zh-CN']}” 并入“${to['zh-CN']}”:改写 ${rows} 条记录`,
          `“${from.en}” of the dictionary “${dictionary.en}” joined into “${to.en}”: ${rows} record(s) rewritten`,
        )
      : sentence(
          `字典“${dictionary['zh-CN']}”的“${from['zh-CN']}” 拆分:${entity?.['zh-CN'] ?? move.entity} 中符合条件的 ${rows} 条记录改为“${to['zh-CN']}”`,
          `“${from.en}” of the dictionary “${dictionary.en}” split: ${rows} record(s) of ${entity?.en ?? move.entity} become “${to.en}”`,
        );
  return {
    operation: {
      operation: `value.${move.type}`,
      text,
      risk: rows > 0 ? 'rewrites' : 'none',
      sql: rewritings.map(
        ({ field, where, value }) =>
          `update ${quote(field.column!.table)} t set ${quote(field.column!.name)} = ${value} where ${where}`,
      ),
      rows,
      lock: 'writers',
    },
    faults,
    touches: rewritings.map(({ entity: { name }, field }) => ({ entity: name, field: field.name })),
    async run(tx, mark) {
      for (const rewriting of rewritings) await rewriteColumn(tx, rewriting, mark);
    },
  };
}

function codeFaults(dictionaries: Dictionaries, move: Move, path: string): Fault[] {
  const missing = (
    [
      ['from', move.from],
      ['to', move.to],
    ] as const
  ).filter(([, code]) => dictionaries.value(move.dictionary, code) === undefined);
  if (move.from === move.to) missing.push(['to', move.to]);
  const faults = missing.map(([at, code]) =>
    docFault(
      `${path}/${at}`,
      'MRT_DOC_REFERENCE',
      `字典“${move.dictionary}”没有另一个值“${code}”`,
      `the dictionary “${move.dictionary}” has no other value “${code}”`,
    ),
  );
  // What stands below a joined value goes below the other one, which must not be among it.
  const inside =
    move.type === 'join' && dictionaries.descendants(move.dictionary, move.from).includes(move.to);
  if (faults.length === 0 && inside)
    faults.push(
      docFault(
        `${path}/to`,
        'MRT_DOC_CYCLE',
        `“${move.to}”在“${move.from}”之下,请先把它移到别处`,
        `“${move.to}” lies below “${move.from}”; move it elsewhere first`,
      ),
    );
  if (faults.length === 0 && dictionaries.value(move.dictionary, move.to)?.active === false)
    faults.push(docFault(`${path}/to`, 'MRT_VALUE_RETIRED', `“${move.to}”已停用`, `“${move.to}” is retired`));
  return faults;
}

function rewritingsOf(model: Model, move: Move, path: string, faults: Fault[]): Rewriting[] {
  const fields = dictionaryFields(model, move.dictionary).filter(
    ({ entity }) => move.type === 'join' || entity.name === move.entity,
  );
  if (move.type === 'split' && fields.length === 0)
    faults.push(
      docFault(
        `${path}/entity`,
        'MRT_DOC_REFERENCE',
        '此实体没有用这个字典的字段',
        'this entity has no field of the dictionary',
      ),
    );
  return fields.flatMap(({ entity, field }): Rewriting[] => {
    if (faults.length > 0) return [];
    const column = `t.${quote(field.column!.name)}`;
    const values: unknown[] = [move.from, move.to];
    const conditions = [holdsCode(field, column, '$1')];
    // Named, so that a condition without parameters does not leave one untyped.
    const value = withCode(field, column, '$1', '$2');
    if (move.type === 'split') {
      const condition = conditionSql(model, entity, move.when, values, `${path}/when`, faults);
      if (condition === null) return [];
      conditions.push(`t.id in (${condition})`);
    }
    conditions.push('$2::text is not null');
    const note = `${move.from} → ${move.to}`;
    return [{ entity, field, value, where: conditions.join(' and '), values, note }];
  });
}
