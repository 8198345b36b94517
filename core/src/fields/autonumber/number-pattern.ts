/** A part of a numbering rule: literal text, a field's value (or an attribute of its value), a part of today, the sequence. */
export type NumberPart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'field'; readonly field: string; readonly attribute?: string }
  | { readonly kind: 'date'; readonly part: 'yyyy' | 'yy' | 'mm' | 'dd' }
  | { readonly kind: 'sequence'; readonly digits: number };

const TOKEN =
  /\{(?:seq:(\d{1,2})|(yyyy|yy|mm|dd)|([a-z][a-z0-9_]{0,39})(?:\.([a-z][a-z0-9_]{0,39}))?)\}|([^{}]+)/gy;

/**
 * The parts of a numbering rule (DM-CODE-05), or null when it is malformed or has not exactly one sequence.
 * @example numberParts('AD{yyyy}{seq:5}') // text AD, date yyyy, sequence of at least 5 digits
 */
export function numberParts(pattern: string): readonly NumberPart[] | null {
  const parts: NumberPart[] = [];
  let end = 0;
  for (const match of pattern.matchAll(TOKEN)) {
    const [whole, digits, date, field, attribute, text] = match;
    end += whole.length;
    if (digits !== undefined) parts.push({ kind: 'sequence', digits: Number(digits) });
    else if (date !== undefined) parts.push({ kind: 'date', part: date as 'yyyy' | 'yy' | 'mm' | 'dd' });
    else if (field !== undefined)
      parts.push({ kind: 'field', field, ...(attribute === undefined ? {} : { attribute }) });
    else if (text !== undefined) parts.push({ kind: 'text', text });
  }
  const sequences = parts.filter((part) => part.kind === 'sequence');
  const sound = end === pattern.length && sequences.length === 1 && (sequences[0]?.digits ?? 0) > 0;
  return sound ? parts : null;
}
