import type { Fault } from '../errors/problem.ts';
import type { Context } from '../context/context.ts';
import type { Row, Transaction } from '../store/database.ts';
import { drawParts, numbersToDraw, takeNumbers, type NumberDraw } from './autonumber-values.ts';
import type { Draft } from './draft.ts';
import { namedStatement } from './named-statement.ts';
import { changedTrees, treeColumn, treeFaults, type ReferenceCheck } from './reference-check.ts';
import { StatementParameters } from './statement-parameters.ts';
import { runPoint } from './write-points.ts';
import type { WriteScope } from './write-scope.ts';

/** What {@link askForRest} found. */
export interface Rest {
  readonly faults: readonly Fault[];
  /** Numbers that were drawn; the draft has them. */
  readonly draws: readonly NumberDraw[];
}

/** Names the trees whose places have been asked for. */
export function treesAsked(draft: Draft): ReadonlySet<string> {
  return new Set(changedTrees(draft).map((field) => `${field.name}=${String(draft.values[field.name])}`));
}

/**
 * What defaults and hooks brought and the first look did not ask for: their references, and numbers that can now be
 * given. No statement where there is nothing to ask.
 */
export async function askForRest(
  scope: WriteScope,
  context: Context,
  tx: Transaction,
  draft: Draft,
  check: ReferenceCheck,
  asked: ReadonlySet<string>,
): Promise<Rest> {
  const draws = numbersToDraw(context, scope, draft.entity, draft.values);
  const trees = changedTrees(draft).filter(
    (field) => !asked.has(`${field.name}=${String(draft.values[field.name])}`),
  );
  if (!check.missing(draft) && draws.every(({ drawn }) => drawn !== null) && trees.length === 0) {
    takeNumbers(draws, {}, draft.values);
    return { faults: [], draws };
  }
  const parameters = new StatementParameters();
  const query = { roles: context.access.compiled, parameters, nextAlias: 1 };
  const { ctes, columns: drawn } = drawParts(draws, parameters);
  const columns = [
    ...drawn,
    ...check.columns(query, draft),
    ...trees.map((field) => treeColumn(query, draft, field)),
  ];
  const text = `${ctes.length > 0 ? `WITH ${ctes.join(', ')} ` : ''}SELECT ${columns.join(', ')}`;
  const row = (await runPoint<Row>(tx, 'prepare', namedStatement(context, text, parameters.values)))[0] ?? {};
  check.learn(row);
  takeNumbers(draws, row, draft.values);
  return { faults: treeFaults(row), draws };
}
