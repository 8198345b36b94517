import { problem } from '../../errors/catalogue.ts';
import type { Database, Queryable } from '../../store/database.ts';
import { failpoint } from '../../store/failpoint.ts';
import { quote } from '../../store/quote.ts';
import { isSqlError, SQL_STATE } from '../../store/sql-error.ts';
import type { TableStatement } from '../../store/table-plan.ts';
import { sentence } from '../change-text.ts';
import type { OnlineStepKind, PlannedStep } from './online-step.ts';

const reached = {
  cleaned: failpoint('step.index-cleaned'),
  built: failpoint('step.index-built'),
};
const KIND = 'index';

interface IndexPayload {
  /** The statement as the version row knows it. */
  readonly sql: string;
}

/** The step that builds an index which a change has put off. */
export function indexStep(statement: TableStatement, text: PlannedStep['label']): PlannedStep {
  const payload: IndexPayload = { sql: statement.sql };
  return { kind: KIND, subject: statement.index ?? '', label: text, payload };
}

/** Builds an index without keeping writers out. What a crash left half built is taken away first. */
export const indexKind: OnlineStepKind = {
  kind: KIND,
  async advance({ step, db, session }) {
    const { sql } = step.payload as IndexPayload;
    const finished = { finished: true, cursor: null, done: 1, total: 1 };
    const state = await indexState(session, step.subject, sql);
    if (!state.wanted || state.valid === true) return finished;
    if (state.valid === false) await drop(db.engine, session, step.subject);
    reached.cleaned();
    try {
      await session.query({ text: db.engine === 'postgresql' ? concurrently(sql) : sql });
    } catch (error) {
      // A half built unique index would go on refusing rows.
      await drop(db.engine, session, step.subject);
      throw isSqlError(error, SQL_STATE.unique) ? doubled() : error;
    }
    reached.built();
    return finished;
  },
};

/** The same index, built while others write (PostgreSQL). */
export function concurrently(sql: string): string {
  return sql.replace(/^create (unique )?index /, 'create $1index concurrently ');
}

/** Is it one that keeps nobody waiting? */
export function isConcurrent({ sql }: TableStatement): boolean {
  return /^create (unique )?index concurrently /.test(sql);
}

/** Is the index still asked for in this form, and is it there: null not at all, false half built? */
async function indexState(
  db: Queryable,
  name: string,
  sql: string,
): Promise<{ wanted: boolean; valid: boolean | null }> {
  const [row] = await db.query<{ wanted: boolean; valid: boolean | null }>({
    text: `select indexes -> $1::text ->> 'sql' is not distinct from $2 as wanted,
        (select indisvalid from pg_index where indexrelid = to_regclass($3)) as valid
      from mortise.version`,
    values: [name, sql, quote(name)],
  });
  return row ?? { wanted: false, valid: null };
}

/** Without `concurrently` it would wait for the readers of the table, and later readers for it. */
async function drop(engine: Database['engine'], session: Queryable, name: string): Promise<void> {
  const how = engine === 'postgresql' ? 'drop index concurrently' : 'drop index';
  await session.query({ text: `${how} if exists ${quote(name)}` });
}

/** Without the values: whoever sees the step may not be allowed to read them. */
function doubled(): Error {
  return problem('MRT_PLAN_REFUSED', {}, [
    {
      path: '',
      code: 'MRT_PLAN_DUPLICATES',
      message: sentence('已有重复的值', 'There are values that occur twice'),
    },
  ]);
}
