import type { BeforeWrite, RecordData } from '@mortise/core/plugin';
import colours from '../metadata/dictionaries/ad_color.json' with { type: 'json' };
import columns from '../metadata/dictionaries/ad_column.json' with { type: 'json' };
import editions from '../metadata/dictionaries/ad_edition.json' with { type: 'json' };
import types from '../metadata/dictionaries/ad_service_type.json' with { type: 'json' };
import sizes from '../metadata/dictionaries/ad_size.json' with { type: 'json' };

type Labels = Readonly<Record<string, { readonly label: { readonly 'zh-CN': string } }>>;

const PARTS: readonly (readonly [field: string, values: Labels])[] = [
  ['service_type', types.values],
  ['edition', editions.values],
  ['column', columns.values],
  ['size', sizes.values],
  ['colour', colours.values],
];

/** What a service without a name of its own is called: `内页广告 · 白酒版 · 1/2版 · 彩色`. */
function serviceName(service: RecordData): string {
  return PARTS.flatMap(([field, values]) => {
    const code = service[field];
    return typeof code === 'string' ? [values[code]?.label['zh-CN'] ?? code] : [];
  }).join(' · ');
}

/** Names a service that nobody named, and renames it when what it was named after changes. */
export function nameService({ draft, previous, sent }: BeforeWrite): RecordData | void {
  const name = draft['name'];
  const wasGenerated = previous !== null && !sent.has('name') && name === serviceName(previous);
  if (typeof name === 'string' && name.trim() !== '' && !wasGenerated) return;
  const generated = serviceName(draft);
  if (generated !== '') return { name: generated };
}
