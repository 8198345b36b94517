import { problem } from '../../errors/catalogue.ts';
import { fieldType } from '../../fields/registry.ts';
import type { FieldDocument } from '../../model/documents.ts';
import type { EntityModel } from '../../model/model.ts';
import type { Transaction } from '../../store/database.ts';
import { failpoint } from '../../store/failpoint.ts';
import { quote } from '../../store/quote.ts';
import { countOf, type ChangeMark } from './data-work.ts';
import type { ConvertValue } from './convert-value.ts';
import { openTouched, TOUCHED, writeHistory } from './touched-rows.ts';

const reached = {
  surveyed: failpoint('change.values-surveyed'),
  converted: failpoint('change.values-converted'),
};
const PIECE = 2000;
/** Records named in a report; beyond that it says how many more there are. */
const MOST_NAMED = 50;

/** A column whose values go into another one of the same table. */
export interface Conversion {
  readonly entity: EntityModel;
  /** Name of the field after the change. */
  readonly field: string;
  readonly table: string;
  readonly from: { readonly column: string; readonly def: FieldDocument };
  readonly to: { readonly column: string; readonly def: FieldDocument };
  readonly convert: ConvertValue;
  /**
   * The field goes back to a column that it had left: a value that has not been changed since is taken as it was.
   * `forward` is how that column's values were converted then.
   */
  readonly back: { readonly forward: ConvertValue } | null;
  /** True when a value that `convert` cannot read has been given another by the administrator. */
  readonly mended: (value: unknown) => boolean;
}

/** What a conversion would come to. */
export interface Survey {
  readonly rows: number;
  readonly unfit: number;
  /** Some records whose value does not fit. */
  readonly ids: readonly string[];
}

interface PairRow extends Record<string, unknown> {
  readonly n: number;
  readonly old: unknown;
  readonly former: unknown;
}

/** Converts each distinct value once, into a temporary table, and finds the records whose value does not fit. */
export async function surveyColumn(tx: Transaction, conversion: Conversion): Promise<Survey> {
  const { table, from, to } = conversion;
  const old = quote(from.column);
  const former = conversion.back ? quote(to.column) : 'null';
  await tx.query({ text: 'drop table if exists mortise_converted' });
  await tx.query({
    text: `create temp table mortise_converted on commit drop as
      select row_number() over () as n, (row(v.old, v.former))::text as key, v.old, v.former, null::jsonb as fresh, false as fits,
        false as mended
      from (select distinct ${old} as old, ${former} as former from ${quote(table)}
        where ${old} is not null or ${former} is not null) v`,
  });
  const total = await countOf(tx, 'select count(*)::int as n from mortise_converted');
  for (let at = 0; at < total; at += PIECE) {
    const pairs = await tx.query<PairRow>({
      text: 'select n::int as n, old, former from mortise_converted where n > $1 and n <= $2',
      values: [at, at + PIECE],
    });
    const fresh = pairs.flatMap((pair) => convertPair(conversion, pair) ?? []);
    await tx.query({
      text: `update mortise_converted m set fresh = j.fresh, fits = true, mended = j.mended
        from jsonb_to_recordset($1::jsonb) as j (n bigint, fresh jsonb, mended boolean) where m.n = j.n`,
      values: [JSON.stringify(fresh)],
    });
  }
  await tx.query({ text: 'analyze mortise_converted' });
  reached.surveyed();
  const joined = `${quote(table)} t join mortise_converted m on (row(t.${old}, ${conversion.back ? `t.${former}` : 'null'}))::text = m.key`;
  const rows = await countOf(tx, `select count(*)::int as n from ${joined}`);
  const unfit = await countOf(tx, `select count(*)::int as n from ${joined} where not m.fits`);
  const named = await tx.query<{ id: string }>({
    text: `select t.id from ${joined} where not m.fits order by t.id limit ${MOST_NAMED}`,
  });
  return { rows, unfit, ids: named.map(({ id }) => id) };
}

function convertPair(
  { from, to, convert, back, mended }: Conversion,
  { n, old, former }: PairRow,
): { n: number; fresh: unknown; mended: boolean } | null {
  const [source, target] = [fieldType(from.def.field), fieldType(to.def.field)];
  const value = old === null ? null : source.fromColumn(old, from.def);
  if (back) {
    const before = former === null ? null : target.fromColumn(former, to.def);
    const then = back.forward(before)?.value ?? null;
    if (before !== null && same(then, value))
      return { n, fresh: target.toColumn(before, to.def), mended: false };
  }
  const found = convert(value);
  if (!found) return null;
  const fresh = found.value === null ? null : target.toColumn(found.value, to.def);
  return { n, fresh, mended: mended(value) };
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a ?? null) === JSON.stringify(b ?? null);
}

/**
 * Fills the new column in one statement; records whose value was mended get a history row, because their content has
 * changed. @throws MRT_PLAN_REFUSED when a value does not fit
 */
export async function convertColumn(
  tx: Transaction,
  conversion: Conversion,
  mark: ChangeMark,
  refuse: (survey: Survey) => Error,
): Promise<void> {
  const survey = await surveyColumn(tx, conversion);
  if (survey.unfit > 0) throw refuse(survey);
  const { entity, table, from, to, field } = conversion;
  const key = `(row(t.${quote(from.column)}, ${conversion.back ? `t.${quote(to.column)}` : 'null'}))::text`;
  // The type of the column reads the JSON, arrays included.
  const populated = `(jsonb_populate_record(null::${quote(table)}, jsonb_build_object($1::text, m.fresh))).${quote(to.column)}`;
  await openTouched(tx);
  await tx.query({
    text: `insert into ${TOUCHED} (id, changes)
      select t.id, jsonb_build_object($1::text, jsonb_build_object('old', to_jsonb(m.old), 'new', m.fresh))
      from ${quote(table)} t join mortise_converted m on ${key} = m.key where m.mended`,
    values: [field],
  });
  await tx.query({
    text: `update ${quote(table)} t set ${quote(to.column)} = ${populated} from mortise_converted m where ${key} = m.key`,
    values: [to.column],
  });
  await writeHistory(tx, entity, mark, '字段类型变更 / The type of the field was changed');
  await tx.query({ text: 'drop table mortise_converted' });
  reached.converted();
}

/** The refusal of a conversion, at the field. */
export function unfitProblem(conversion: Pick<Conversion, 'entity' | 'field' | 'to'>, survey: Survey): Error {
  const { entity, field, to } = conversion;
  const type = fieldType(to.def.field).label;
  return problem('MRT_PLAN_REFUSED', {}, [
    {
      path: `entity/${entity.name}#/properties/${field}/field`,
      code: 'MRT_PLAN_RETYPE',
      message: {
        'zh-CN': `字段“${to.def.label['zh-CN']}”有 ${survey.unfit} 条记录的值不能改为“${type['zh-CN']}”。请先修改这些值,或在 data 中说明如何转换。`,
        en: `${survey.unfit} record(s) have a value of “${to.def.label.en}” that cannot become “${type.en}”. Mend them first, or say in data how to convert them.`,
      },
    },
  ]);
}
