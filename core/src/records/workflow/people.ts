import { quoteName } from '../../access/quote-name.ts';
import { isUuid } from '../../fields/uuid.ts';
import type { Model } from '../../model/model.ts';
import type { Queryable, Row } from '../../store/database.ts';

/** Entities and fields by which the platform knows who stands above whom; a model may lack each of them. */
const USER = { entity: 'user', unit: 'unit', superior: 'supervisor' } as const;
const UNIT = { entity: 'unit', parent: 'parent', head: 'head' } as const;

interface AboveRow extends Row {
  readonly of: string;
  readonly id: string;
}

/** Who stands above the users that a record's workflow asks about; asked once for each of them. */
export class People {
  readonly #model: Model;
  readonly #above = new Map<string, Set<string>>();

  constructor(model: Model) {
    this.#model = model;
  }

  /** Fetches the superiors of those not known yet: one statement, none when there is nobody to ask about. */
  async load(db: Queryable, users: readonly unknown[]): Promise<void> {
    const asked = [...new Set(users)].filter(
      (user): user is string => isUuid(user) && !this.#above.has(user),
    );
    if (asked.length === 0) return;
    for (const user of asked) this.#above.set(user, new Set());
    const text = superiorsSql(this.#model);
    if (text === null) return;
    for (const { of, id } of await db.query<AboveRow>({ text, values: [asked] }))
      if (of !== id) this.#above.get(of)?.add(id);
  }

  /** Is `actor` a superior of `user`? Nobody is his own. */
  isAbove(actor: string, user: unknown): boolean {
    return typeof user === 'string' && this.#above.get(user)?.has(actor) === true;
  }
}

function columnOf(model: Model, entity: string, field: string): string | null {
  const column = model.entities.get(entity)?.fields.get(field)?.column;
  return column ? quoteName(column.name) : null;
}

/** Pairs of user and superior: the chain of direct superiors, and the heads of the departments above. */
function superiorsSql(model: Model): string | null {
  const users = model.entities.get(USER.entity);
  const units = model.entities.get(UNIT.entity);
  if (!users) return null;
  const superior = columnOf(model, USER.entity, USER.superior);
  const unit = columnOf(model, USER.entity, USER.unit);
  const parent = columnOf(model, UNIT.entity, UNIT.parent);
  const head = columnOf(model, UNIT.entity, UNIT.head);
  const table = quoteName(users.table);
  const parts: string[] = [];
  const answers: string[] = [];
  if (superior !== null) {
    parts.push(`chain(of, id) AS (
      SELECT u.id, u.${superior} FROM ${table} u WHERE u.id = ANY($1::uuid[]) AND u.${superior} IS NOT NULL
      UNION SELECT c.of, u.${superior} FROM chain c JOIN ${table} u ON u.id = c.id WHERE u.${superior} IS NOT NULL)`);
    answers.push('SELECT of, id FROM chain');
  }
  if (units && unit !== null && parent !== null && head !== null) {
    const departments = quoteName(units.table);
    parts.push(`upward(of, id) AS (
      SELECT u.id, u.${unit} FROM ${table} u WHERE u.id = ANY($1::uuid[]) AND u.${unit} IS NOT NULL
      UNION SELECT w.of, d.${parent} FROM upward w JOIN ${departments} d ON d.id = w.id WHERE d.${parent} IS NOT NULL)`);
    answers.push(
      `SELECT w.of, d.${head} FROM upward w JOIN ${departments} d ON d.id = w.id WHERE d.${head} IS NOT NULL`,
    );
  }
  return answers.length === 0 ? null : `WITH RECURSIVE ${parts.join(', ')} ${answers.join(' UNION ')}`;
}

/** A query for the ids of all whom `me` stands above. Null where the model knows no superiors. */
export function belowMeSql(model: Model, me: string): string | null {
  const users = model.entities.get(USER.entity);
  if (!users) return null;
  const units = model.entities.get(UNIT.entity);
  const superior = columnOf(model, USER.entity, USER.superior);
  const unit = columnOf(model, USER.entity, USER.unit);
  const parent = columnOf(model, UNIT.entity, UNIT.parent);
  const head = columnOf(model, UNIT.entity, UNIT.head);
  const table = quoteName(users.table);
  const parts: string[] = [];
  const answers: string[] = [];
  if (superior !== null) {
    parts.push(`led(id) AS (SELECT u.id FROM ${table} u WHERE u.${superior} = ${me}
      UNION SELECT u.id FROM led l JOIN ${table} u ON u.${superior} = l.id)`);
    answers.push(`SELECT id FROM led WHERE id <> ${me}`);
  }
  if (units && unit !== null && parent !== null && head !== null) {
    const departments = quoteName(units.table);
    parts.push(`headed(id) AS (SELECT d.id FROM ${departments} d WHERE d.${head} = ${me}
      UNION SELECT d.id FROM headed h JOIN ${departments} d ON d.${parent} = h.id)`);
    answers.push(`SELECT u.id FROM ${table} u JOIN headed h ON h.id = u.${unit} WHERE u.id <> ${me}`);
  }
  return answers.length === 0 ? null : `WITH RECURSIVE ${parts.join(', ')} ${answers.join(' UNION ')}`;
}
