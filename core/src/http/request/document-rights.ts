import type { Context } from '../../context/context.ts';
import { problem } from '../../errors/catalogue.ts';
import type { DocumentKind } from '../../model/documents.ts';

/** Functions of which one lets a person change documents of a kind (SEC-06). */
const NEEDED: Readonly<Record<DocumentKind, readonly string[]>> = {
  entity: ['metadata.configure'],
  form: ['metadata.configure'],
  view: ['metadata.configure'],
  menu: ['metadata.configure'],
  dictionary: ['dictionaries.configure', 'metadata.configure'],
  settings: ['settings.configure', 'metadata.configure'],
  template: ['templates.design', 'metadata.configure'],
  // Who writes roles may give himself every right: the right to configure alone is not enough.
  role: ['roles.configure'],
};

/** Functions of which one lets a person look at documents at all. */
export const ANY_CONFIGURATION: readonly string[] = [
  ...new Set(['metadata.configure', ...Object.values(NEEDED).flat()]),
];

/** May the person change documents of this kind? */
export function mayConfigure(context: Context, kind: DocumentKind): boolean {
  return NEEDED[kind].some((name) => context.access.mayUse(name));
}

/** @throws MRT_ACCESS_FUNCTION naming the first function that lacks */
export function requireConfigure(context: Context, kinds: readonly DocumentKind[]): void {
  for (const kind of kinds)
    if (!mayConfigure(context, kind))
      throw problem('MRT_ACCESS_FUNCTION', { function: NEEDED[kind][0] ?? '' });
}
