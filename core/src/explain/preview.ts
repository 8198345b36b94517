import { bindParameters } from '../access/bind-access.ts';
import { compileAccess } from '../access/compile-access.ts';
import { scopeKey } from '../access/scope-set.ts';
import type { Context } from '../context/context.ts';
import type { FieldLevel, RecordAction } from '../model/documents.ts';
import type { EntityModel } from '../model/model.ts';
import type { LocaleText } from '../text/locale.ts';
import type { Records } from '../records/records.ts';
import type { Subject } from './judge.ts';

/** What one user sees of one entity. */
export interface PreviewedEntity {
  readonly name: string;
  readonly label: LocaleText;
  /** Granted for some rows: action → the rows, in short. */
  readonly actions: Readonly<Partial<Record<RecordAction, string>>>;
  /** Live records he can find; null where he can find none of this kind. */
  readonly count: number | null;
  readonly fields: readonly {
    readonly name: string;
    readonly label: LocaleText;
    readonly level: FieldLevel;
  }[];
}

const ACTIONS: readonly RecordAction[] = [
  'query',
  'read',
  'create',
  'update',
  'void',
  'delete',
  'restore',
  'print',
  'export',
  'transition',
  'share',
];

/**
 * The context in which a user would act, made of his compiled rights. It is no session of his: nothing is written in
 * it, it only reads what he could read.
 */
export function contextOfSubject(asking: Context, subject: Subject): Context {
  const { id, username, displayName, parameters } = subject;
  const compiled = compileAccess(asking.model, subject.roles, subject.personal, subject.circumstances);
  const { unit } = parameters;
  const actor = { id, username, displayName, unit, roles: compiled.roles };
  const access = bindParameters(compiled, parameters);
  return { ...asking, actor, access };
}

/** What the user of a context sees of every entity that stands by itself: actions, how many records, which fields. */
export async function previewEntities(records: Records, of: Context): Promise<readonly PreviewedEntity[]> {
  const seen: PreviewedEntity[] = [];
  for (const entity of of.model.entities.values()) {
    if (entity.parent) continue;
    const rights = of.access.compiled.entity(entity);
    const actions = Object.fromEntries(
      ACTIONS.flatMap((action) => {
        // Shares and absent colleagues are told of single records.
        const own = rights.rows(action).filter(({ scope }) => scope !== 'shared' && scope !== 'standin');
        const rows = scopeKey(own);
        return rows === '' ? [] : [[action, rows] as const];
      }),
    );
    if (Object.keys(actions).length === 0) continue;
    seen.push({
      name: entity.name,
      label: entity.label,
      actions,
      count: rights.visible.length > 0 ? await countOf(records, of, entity) : null,
      fields: [...entity.fields.values()]
        .filter(({ system }) => !system)
        .map((field) => ({ name: field.name, label: field.label, level: levelOf(of, entity, field.name) })),
    });
  }
  return seen;
}

async function countOf(records: Records, of: Context, { name }: EntityModel): Promise<number> {
  const { total } = await records.list(of, name, { fields: ['id'], limit: 1, count: 'exact' });
  return total ?? 0;
}

/** The highest level in any row. */
function levelOf(of: Context, entity: EntityModel, name: string): FieldLevel {
  const cell = of.access.entity(entity).field(entity.fields.get(name)!);
  if (cell.canWrite || cell.canCreate) return 'write';
  if (cell.canRead) return 'read';
  return cell.masked ? 'masked' : 'hidden';
}
