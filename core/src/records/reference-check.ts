import { quoteName } from '../access/quote-name.ts';
import { ACTOR_MARKERS, type ActorParameters } from '../access/actor-parameters.ts';
import type { Fault } from '../errors/problem.ts';
import type { EntityModel, FieldModel, Model } from '../model/model.ts';
import type { Row } from '../store/database.ts';
import type { Draft, Values } from './draft.ts';
import { type FileFacts, fileFaults } from './file-limits.ts';
import { jsonSafe } from './json-safe.ts';
import { pointerSegment } from './query-problem.ts';
import { QuerySource, type QueryScope } from './query-source.ts';
import { sameValue } from './same-value.ts';
import { targetEntity, typeOfField } from './type-of-field.ts';
import { faultAt } from './value-fault.ts';
import { writeFields } from './write-fields.ts';

/** The pseudo-entity of attachments. */
const FILE = '$file';

/** What is known of a record that is referred to. */
interface Target {
  readonly visible: boolean;
  readonly deleted: boolean;
  readonly values: Readonly<Values>;
}

/** A reference that must be looked at. */
interface Use {
  readonly field: FieldModel;
  readonly path: string;
  readonly id: string;
  /** Not stored before: it must be there. */
  readonly isNew: boolean;
  /** Chosen by the actor, who must therefore be able to see it; not filled in by a default or a hook. */
  readonly isChosen: boolean;
  readonly values: Readonly<Values>;
}

interface Referring {
  readonly entity: EntityModel;
  readonly values: Readonly<Values>;
  readonly previous: Readonly<Values> | null;
  readonly sent: ReadonlySet<string>;
}

function idsOf(value: unknown): readonly string[] {
  return (Array.isArray(value) ? value : [value]).filter((id): id is string => typeof id === 'string');
}

function targetOf(field: FieldModel): string | null {
  if (field.type === 'files' || field.type === 'images') return FILE;
  return field.type === 'reference' || field.type === 'references' ? targetEntity(field) : null;
}

type Where = Readonly<Record<string, string | number | boolean>>;

function whereOf(field: FieldModel): Where {
  return (field.def['where'] as Where | undefined) ?? {};
}

/** Does the reference's `where` look at one of the changed fields? */
function dependsOnChange(field: FieldModel, values: Readonly<Values>, previous: Readonly<Values>): boolean {
  return Object.values(whereOf(field)).some(
    (wanted) =>
      typeof wanted === 'string' &&
      wanted.startsWith('$') &&
      !sameValue(values[wanted.slice(1)], previous[wanted.slice(1)]),
  );
}

function usesOf({ entity, values, previous, sent }: Referring, at: string): Use[] {
  const uses: Use[] = [];
  // What the platform itself fills (`created_by`) is not a choice of anybody's.
  for (const field of writeFields(entity).referring) {
    const value = values[field.name];
    if ((value ?? null) === null || targetOf(field) === null) continue;
    const stored = new Set(idsOf(previous?.[field.name]));
    const constrained = previous !== null && dependsOnChange(field, values, previous);
    for (const [index, id] of idsOf(value).entries()) {
      const isNew = !stored.has(id);
      if (!isNew && !constrained) continue;
      const path = `${at}/${pointerSegment(field.name)}${Array.isArray(value) ? `/${index}` : ''}`;
      uses.push({ field, path, id, isNew, isChosen: sent.has(field.name), values });
    }
  }
  return uses;
}

function draftUses(draft: Draft): Use[] {
  if (draft.lines.size === 0) return usesOf(draft, '');
  const own = usesOf(draft, '');
  const ofLines = [...draft.lines.values()].flat().flatMap((line) => usesOf(line, line.at));
  return [...own, ...ofLines];
}

/** Columns of the referred records that some `where` compares. */
function comparedFields(target: EntityModel, fields: Iterable<FieldModel>): FieldModel[] {
  const names = new Set([...fields].flatMap((field) => Object.keys(whereOf(field))));
  return [...names].flatMap((name) => target.fields.get(name) ?? []);
}

/**
 * The records that a write refers to: asked for in one statement together with what else it needs to know, then
 * compared in memory.
 */
export class ReferenceCheck {
  readonly #model: Model;
  readonly #known = new Map<string, Target | null>();

  readonly #actor: ActorParameters;

  constructor(model: Model, actor: ActorParameters) {
    this.#model = model;
    this.#actor = actor;
  }

  /** References of the draft whose targets have not been asked for. */
  missing(draft: Draft): boolean {
    return draftUses(draft).some((use) => !this.#known.has(`${targetOf(use.field)}/${use.id}`));
  }

  /** Columns to add to a SELECT for the references of the drafts that are not known yet. */
  columns(scope: QueryScope, ...drafts: readonly Draft[]): string[] {
    const byTarget = new Map<string, { readonly ids: Set<string>; readonly fields: Set<FieldModel> }>();
    for (const { field, id } of drafts.flatMap(draftUses)) {
      const target = targetOf(field)!;
      if (this.#known.has(`${target}/${id}`)) continue;
      const entry = byTarget.get(target) ?? { ids: new Set(), fields: new Set() };
      byTarget.set(target, entry);
      entry.ids.add(id);
      entry.fields.add(field);
    }
    return [...byTarget].map(([target, { ids, fields }]) => {
      const placeholder = `${scope.parameters.bind([...ids])}::uuid[]`;
      const sql =
        target === FILE ? fileSql(scope, placeholder) : this.#targetSql(scope, target, placeholder, fields);
      for (const id of ids) this.#known.set(`${target}/${id}`, null);
      return `${sql} AS ${quoteName(`$ref:${target}`)}`;
    });
  }

  #targetSql(scope: QueryScope, name: string, ids: string, fields: Iterable<FieldModel>): string {
    const target = this.#model.entities.get(name);
    if (!target) return "'[]'::json";
    const source = new QuerySource(scope, target, `s${scope.nextAlias++}`);
    const visible = source.visible();
    const compared = comparedFields(target, fields).map((field) => {
      return `'${field.name}', ${jsonSafe(source.rawColumn(field), field.column?.type)}`;
    });
    const deletedAt = target.fields.get('deleted_at');
    const deleted = deletedAt ? `${source.rawColumn(deletedAt)} IS NOT NULL` : 'false';
    const row = `json_build_object('id', ${source.alias}.id, 'visible', ${visible}, 'deleted', ${deleted}, 'values', json_build_object(${compared.join(', ')}))`;
    return `(SELECT coalesce(json_agg(${row}), '[]'::json) FROM ${source.from()} WHERE ${source.alias}.id = ANY(${ids}))`;
  }

  /** Takes the answer of {@link columns}. */
  learn(row: Row): void {
    for (const [name, value] of Object.entries(row)) {
      if (!name.startsWith('$ref:') || !Array.isArray(value)) continue;
      const target = name.slice('$ref:'.length);
      for (const item of value as { id: string; visible: boolean; deleted: boolean; values: Values }[]) {
        this.#known.set(`${target}/${item.id}`, {
          visible: item.visible,
          deleted: item.deleted,
          values: this.#decode(target, item.values),
        });
      }
    }
  }

  #decode(target: string, values: Readonly<Values>): Values {
    const entity = this.#model.entities.get(target);
    return Object.fromEntries(
      Object.entries(values).map(([name, value]) => {
        const field = entity?.fields.get(name);
        if (!field || value === null) return [name, value];
        const { type, def } = typeOfField(field);
        return [name, type.fromColumn(value, def)];
      }),
    );
  }

  /** Everybody may name himself and his department. */
  #isOwn(id: string): boolean {
    return id === this.#actor.me || id === this.#actor.unit;
  }

  /** Faults of references to nothing, to the invisible, to the deleted, or against the field's `where`. */
  faults(draft: Draft): Fault[] {
    return draftUses(draft).flatMap((use) => {
      const target = this.#known.get(`${targetOf(use.field)}/${use.id}`) ?? null;
      // What may not be seen and what is not there look the same.
      if (
        use.isNew &&
        (target === null || target.deleted || (use.isChosen && !target.visible && !this.#isOwn(use.id)))
      ) {
        return [
          faultAt(
            use.path,
            'MRT_VALUE_REFERENCE',
            '所引用的记录不存在,或您无权查看。',
            'There is no such record to refer to, or you may not see it.',
          ),
        ];
      }
      if (target === null) return [];
      // What was attached under an older rule stays.
      if (targetOf(use.field) === FILE)
        return use.isNew ? fileFaults(use.field, use.path, target.values as unknown as FileFacts) : [];
      if (matches(use, target)) return [];
      return [
        faultAt(
          use.path,
          'MRT_VALUE_REFERENCE',
          '这条记录不能在此引用(不符合条件)。',
          'This record may not be referred to here: it does not meet the condition of the field.',
        ),
      ];
    });
  }
}

function fileSql(scope: QueryScope, ids: string): string {
  const me = scope.parameters.bind(ACTOR_MARKERS.me);
  const row = `json_build_object('id', f.id, 'visible', coalesce(f.created_by = ${me}::uuid, true), 'deleted', false, 'values', json_build_object('name', f.name, 'size', f.size))`;
  return `(SELECT coalesce(json_agg(${row}), '[]'::json) FROM mortise.file f WHERE f.id = ANY(${ids}))`;
}

function matches(use: Use, target: Target): boolean {
  return Object.entries(whereOf(use.field)).every(([name, wanted]) => {
    const expected =
      typeof wanted === 'string' && wanted.startsWith('$') ? use.values[wanted.slice(1)] : wanted;
    if (expected === null || expected === undefined) return true;
    const actual = target.values[name];
    return Array.isArray(actual) ? actual.includes(expected) : sameValue(actual, expected);
  });
}

/** Tree fields whose new parent must not lie under the record itself. */
export function changedTrees(draft: Draft): FieldModel[] {
  return writeFields(draft.entity).trees.filter(
    (field) =>
      typeof draft.values[field.name] === 'string' &&
      !sameValue(draft.values[field.name], draft.previous?.[field.name]),
  );
}

/** A column that is true when the new parent is the record itself or lies under it. */
export function treeColumn(scope: QueryScope, draft: Draft, field: FieldModel): string {
  const { bind } = scope.parameters;
  const table = quoteName(draft.entity.table);
  const parent = quoteName(field.column!.name);
  const up = `WITH RECURSIVE up AS (SELECT ${bind(draft.values[field.name])}::uuid AS id UNION SELECT n.${parent} FROM ${table} n JOIN up ON n.id = up.id WHERE n.${parent} IS NOT NULL)`;
  return `EXISTS (${up} SELECT 1 FROM up WHERE up.id = ${bind(draft.id)}::uuid) AS ${quoteName(`$tree:${field.name}`)}`;
}

/** Faults of trees that would become circles. */
export function treeFaults(row: Row): Fault[] {
  return Object.entries(row)
    .filter(([name, value]) => name.startsWith('$tree:') && value === true)
    .map(([name]) =>
      faultAt(
        `/${name.slice('$tree:'.length)}`,
        'MRT_VALUE_CYCLE',
        '上级不能是记录自己或其下级。',
        'The parent must not be the record itself or one below it.',
      ),
    );
}
