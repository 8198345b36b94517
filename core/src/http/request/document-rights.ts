import type { PackageTouches } from '../../change/transport/package-target.ts';
import { gainedPowers } from '../../access/gained-powers.ts';
import { lackingPower } from '../../access/lacking-power.ts';
import type { ModelJudge } from '../../change/changes.ts';
import type { Context } from '../../context/context.ts';
import { problem } from '../../errors/catalogue.ts';
import type { DocumentKind } from '../../model/documents.ts';
import { mayComeFrom } from '../../session/allowed-address.ts';

/** Functions of which one lets a person change documents of a kind (SEC-06). */
const NEEDED: Readonly<Record<DocumentKind, readonly string[]>> = {
  entity: ['metadata.configure'],
  form: ['metadata.configure'],
  view: ['metadata.configure'],
  menu: ['metadata.configure'],
  workflow: ['metadata.configure'],
  rule: ['metadata.configure'],
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

/** Roles with whose rights a document acts by itself. */
function actingRoles(kind: DocumentKind, document: unknown): readonly string[] {
  if (kind !== 'rule' && kind !== 'workflow') return [];
  const found: string[] = [];
  const look = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    const { roles, actions } = value as { readonly roles?: unknown; readonly actions?: unknown };
    if (actions !== undefined && typeof roles === 'object' && roles !== null)
      found.push(...Object.keys(roles));
    for (const inner of Object.values(value)) look(inner);
  };
  look(document);
  return found;
}

/**
 * Nobody lets something act for him with a power that he lacks himself (SEC-06).
 * @throws MRT_ACCESS_FUNCTION naming the power
 */
export function requireActingRoles(context: Context, kind: DocumentKind, document: unknown): void {
  const lacking = lackingPower(context.model, context.access, actingRoles(kind, document));
  if (lacking !== null) throw problem('MRT_ACCESS_FUNCTION', { function: lacking });
}

/**
 * For a package: the right for every kind that it would change here or ask about, wherever it is named, and for its
 * switching of plugins. @throws MRT_ACCESS_FUNCTION
 */
export function requireTouched(context: Context, { kinds, plugins }: PackageTouches): void {
  requireConfigure(context, kinds);
  // With whose rights its rules would act is not looked at one by one.
  if (kinds.includes('rule') && !context.access.mayUse('roles.configure'))
    throw problem('MRT_ACCESS_FUNCTION', { function: 'roles.configure' });
  if (plugins && !context.access.mayUse('plugins.configure'))
    throw problem('MRT_ACCESS_FUNCTION', { function: 'plugins.configure' });
}

/**
 * Judges a change of the model, whatever road it comes by: roles get no power that the actor lacks (SEC-06), and nobody
 * shuts himself out of where he is. What is returned throws MRT_DOCUMENT_INVALID with the place of each fault.
 */
export function judgeChange({ access, actor, address, ownNetworks }: Context): ModelJudge {
  return (next, current) => {
    const faults = [...gainedPowers(access, current, next)];
    if (address !== undefined && !mayComeFrom(next.settings, actor.roles, ownNetworks ?? null, address))
      faults.push({
        path: 'settings/installation#/networks/roles',
        code: 'MRT_NETWORK_OWN',
        message: {
          'zh-CN': `您现在的地址 ${address} 不在允许的网段内，保存后您将无法使用本系统`,
          en: `your present address ${address} is in none of these networks: you would shut yourself out`,
        },
      });
    if (faults.length > 0) throw problem('MRT_DOCUMENT_INVALID', { count: faults.length }, faults);
  };
}
