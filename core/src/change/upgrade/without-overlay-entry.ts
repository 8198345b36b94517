import type { Snapshot, Target } from '../prepare-change.ts';
import { keepSiteFields } from '../reverted-overlays.ts';
import { withoutEntry } from './layer-conflict.ts';

/** The site's layer without one of its entries, so that the shipped value shows again. */
export function withoutOverlayEntry(current: Snapshot, key: string, path: string): Target {
  const overlays = new Map(current.overlays);
  const overlay = overlays.get(key);
  if (overlay) {
    const rest = withoutEntry(overlay.document, path);
    if (rest === null) overlays.delete(key);
    else overlays.set(key, { ...overlay, document: rest });
  }
  return { overlays: keepSiteFields(current, overlays), plugins: current.plugins, values: [] };
}
