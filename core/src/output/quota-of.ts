import type { Context } from '../context/context.ts';
import type { QuotaDocument } from '../model/documents.ts';
import type { Queryable, Row } from '../store/database.ts';
import type { OutputKind } from './output.ts';

/** Most records at once and on a day; null: no limit. */
export interface Quota {
  readonly perJob: number | null;
  readonly perDay: number | null;
}

type Limits = Pick<QuotaDocument, 'perJob' | 'perDay'>;
type LimitName = keyof Limits;

interface StoredQuota extends Row {
  readonly subject: 'user' | 'group';
  readonly per_job: number | null;
  readonly per_day: number | null;
}

/** As it is stored where there is no limit. */
const UNLIMITED = -1;

/**
 * The quota of an actor (SEC-08 b): his own, else the widest of those of his groups, else the widest of what the settings
 * say for his roles, else what they say for everybody. Each of the two limits is looked for by itself.
 */
export async function quotaOf(tx: Queryable, context: Context, kind: OutputKind): Promise<Quota> {
  const rows = await tx.query<StoredQuota>({
    text: `select subject, per_job, per_day from mortise.output_quota
      where kind = $1 and ((subject = 'user' and id = $2::uuid) or (subject = 'group' and id = any($3::uuid[])))`,
    values: [kind, context.actor.id, context.groups ?? []],
  });
  return { perJob: limitOf(rows, context, kind, 'perJob'), perDay: limitOf(rows, context, kind, 'perDay') };
}

function limitOf(
  rows: readonly StoredQuota[],
  context: Context,
  kind: OutputKind,
  name: LimitName,
): number | null {
  for (const subject of ['user', 'group'] as const) {
    const found = rows
      .filter((row) => row.subject === subject)
      .flatMap((row) => (name === 'perJob' ? row.per_job : row.per_day) ?? []);
    if (found.length > 0) return found.includes(UNLIMITED) ? null : Math.max(...found);
  }
  return ofSettings(context, kind, name);
}

function ofSettings({ model, actor }: Context, kind: OutputKind, name: LimitName): number | null {
  const document = model.settings.quotas?.[kind];
  if (!document) return null;
  const ofRoles: readonly Limits[] = actor.roles.flatMap((role) => document.roles?.[role] ?? []);
  const limits = (ofRoles.length > 0 ? ofRoles : [document]).map(
    (each) => each[name] ?? document[name] ?? 'unlimited',
  );
  const numbers = limits.filter((limit) => limit !== 'unlimited');
  return numbers.length < limits.length ? null : Math.max(...numbers);
}
