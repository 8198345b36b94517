const TYPES = [
  { field: 'text', maxLength: 60 },
  { field: 'integer' },
  { field: 'decimal', precision: 12, scale: 2 },
  { field: 'date' },
  { field: 'boolean' },
] as const;

type Field = Readonly<Record<string, unknown>>;

const label = (text: string): Field => ({ 'zh-CN': text, en: text });

/** `s001`, `s002` … */
export const entityName = (n: number): string => `s${String(n).padStart(3, '0')}`;
/** `f1`, `f2` … after the first field, which names the record. */
export const fieldName = (n: number): string => `f${n}`;

/** A new entity of `fields` fields of mixed types (or texts of 20 characters), each third one indexed for lists. */
export function newEntity(name: string, fields: number, texts = false): Field {
  const properties: Record<string, Field> = { name: { field: 'text', label: label('Name'), maxLength: 60 } };
  for (let n = 1; n < fields; n += 1)
    properties[fieldName(n)] = {
      ...(texts ? { field: 'text', maxLength: 20 } : TYPES[n % TYPES.length]),
      label: label(`Field ${n}`),
      ...(texts && n % 100 >= 50 ? { part: `p${Math.floor(n / 100)}` } : {}),
    };
  return {
    kind: 'entity',
    name,
    document: { name, label: label(name), display: 'name', ownership: 'user', reviews: false, properties },
  };
}

/** A stored document with one further field. */
export function withField(document: Field, name: string, more: Field = {}): Field {
  const properties = {
    ...(document['properties'] as Field),
    [name]: { field: 'text', label: label(name), maxLength: 50, ...more },
  };
  return { ...document, properties };
}
