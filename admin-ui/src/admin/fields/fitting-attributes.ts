import type { FieldDraft } from './field-draft';
import { FLAGS, flagFits, OWN_ATTRIBUTES, TYPE_ATTRIBUTES, takesDefault } from './field-types';

/** Attributes of the type under the names the document uses: `values` stands for a dictionary or options. */
function namesOf(type: string): ReadonlySet<string> {
  const names = (TYPE_ATTRIBUTES[type] ?? []).flatMap(({ name }) =>
    name === 'values' ? ['dictionary', 'options'] : [name],
  );
  if (type === 'children' || type === 'lines') names.push('by');
  return new Set(names);
}

/** The attributes of a draft that its type understands; what another type left behind is dropped. */
export function fittingAttributes(draft: FieldDraft): Record<string, unknown> {
  const own = namesOf(draft.type);
  const multiple = draft.attributes['multiple'] === true;
  const kept = Object.entries(draft.attributes).filter(([name, value]) => {
    if (OWN_ATTRIBUTES.has(name) && draft.original === '') return own.has(name);
    if (name === 'default') return value !== '' && takesDefault(draft.type);
    const flag = FLAGS.find((each) => each === name);
    return flag === undefined || draft.original !== '' || flagFits(flag, draft.type, multiple);
  });
  return Object.fromEntries(kept);
}
