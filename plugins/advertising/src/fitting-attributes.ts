import type { BeforeWrite, RecordData } from '@mortise/core/plugin';
import types from '../metadata/dictionaries/ad_service_type.json' with { type: 'json' };

const OF_SEMIMONTHLY = ['edition', 'column', 'size', 'colour'];
const OF_OTHERS = ['details'];
const TYPES: Readonly<Record<string, { readonly label: unknown; readonly parent?: string }>> = types.values;

/**
 * Empties what does not belong to a service's new type (DM-ADS-09), so that nothing stays behind in fields that are
 * hidden by then. What was sent along is left for the rules of the document to judge, and so are types that an
 * administrator has added.
 */
export function fittingAttributes({ draft, previous, sent }: BeforeWrite): RecordData {
  const type = draft['service_type'];
  if (previous === null || typeof type !== 'string' || previous['service_type'] === type) return {};
  const known = TYPES[type];
  if (!known) return {};
  const unfit = type === 'semimonthly' || known.parent === 'semimonthly' ? OF_OTHERS : OF_SEMIMONTHLY;
  return Object.fromEntries(unfit.filter((field) => !sent.has(field)).map((field) => [field, null]));
}
