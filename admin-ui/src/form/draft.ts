import type { EntityView, FieldView, RecordData } from '@mortise/core/contract';

/** Empty texts and lists are "no value", as the server sees them. */
function settled(value: unknown): unknown {
  if (value === undefined || value === '') return null;
  return Array.isArray(value) && value.length === 0 ? null : value;
}

/** Texts beside codes and ids never travel back. */
function withoutDisplays(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutDisplays);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !name.endsWith('$display'))
      .map(([name, part]) => [name, withoutDisplays(part)]),
  );
}

/** Same value for the record's purposes? */
export function sameValue(a: unknown, b: unknown): boolean {
  return JSON.stringify(settled(withoutDisplays(a))) === JSON.stringify(settled(withoutDisplays(b)));
}

/** May this user change this field of the entity at all? */
export function isWritable(field: FieldView): boolean {
  return !field.readOnly && field.level === 'write' && field.type !== 'children';
}

/** The changed fields of a draft, ready to send; an emptied one is null. */
export function changesOf(entity: EntityView, draft: RecordData, stored: RecordData): RecordData {
  const changes: Record<string, unknown> = {};
  for (const field of entity.fields) {
    if (!isWritable(field) || sameValue(draft[field.name], stored[field.name])) continue;
    const value = withoutDisplays(draft[field.name]);
    const isList = field.type === 'lines' || field.type === 'list' || Array.isArray(value);
    changes[field.name] = isList ? (value ?? []) : settled(value);
  }
  return changes;
}

/** A line as it may be sent: its id, which tells the server which one it is, and what may be written. */
function writableLine(line: RecordData, entity: EntityView): RecordData {
  const names = new Set(
    entity.fields
      .filter((field) => isWritable(field) && !field.system && field.name !== entity.parent?.field)
      .map((field) => field.name),
  );
  return Object.fromEntries(Object.entries(line).filter(([name]) => name === 'id' || names.has(name)));
}

/** Changes with their lines stripped of what the platform and the hooks fill in. */
export async function withWritableLines(
  entity: EntityView,
  changes: RecordData,
  entityOf: (name: string) => Promise<EntityView>,
): Promise<RecordData> {
  const ready: Record<string, unknown> = { ...changes };
  for (const field of entity.fields) {
    const lines = changes[field.name];
    if (field.type !== 'lines' || !Array.isArray(lines)) continue;
    const lineEntity = await entityOf(String(field.def['entity']));
    ready[field.name] = lines.map((line: RecordData) => writableLine(line, lineEntity));
  }
  return ready;
}

/** A copy of a record to start a new one from (ENT-07): writable values only, lines without their ids. */
export function copyOf(entity: EntityView, record: RecordData): RecordData {
  const copy: Record<string, unknown> = {};
  for (const field of entity.fields) {
    if (!isWritable(field) || field.system || field.def['unique'] === true) continue;
    const value = record[field.name];
    if (value === null || value === undefined) continue;
    copy[field.name] =
      field.type === 'lines' && Array.isArray(value)
        ? value.map(({ id: _id, version: _version, ...line }: Record<string, unknown>) => line)
        : value;
    if (record[`${field.name}$display`] !== undefined)
      copy[`${field.name}$display`] = record[`${field.name}$display`];
  }
  return copy;
}
