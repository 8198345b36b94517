import type { OutputKind, QuotaDocument, SettingsDocument, SubjectLimits } from '@mortise/core/contract';

export const KINDS: readonly OutputKind[] = ['print', 'export', 'mail'];
export const LIMITS = ['perJob', 'perDay'] as const;
export type LimitName = (typeof LIMITS)[number];

/** A limit as it is typed: empty, `-` for none, or a number. */
export type TypedLimits = Record<OutputKind, Record<LimitName, string>>;

/** One line of the form: everybody (`role` empty) or a role. */
export interface QuotaLine {
  role: string;
  readonly limits: TypedLimits;
}

type Given = Readonly<Partial<Record<OutputKind, Partial<SubjectLimits> | QuotaDocument>>>;

export function typedOf(given: Given): TypedLimits {
  const text = (limit: number | 'unlimited' | null | undefined): string =>
    limit === 'unlimited' ? '-' : (limit ?? '').toString();
  return Object.fromEntries(
    KINDS.map((kind) => [kind, { perJob: text(given[kind]?.perJob), perDay: text(given[kind]?.perDay) }]),
  ) as TypedLimits;
}

/** Is it empty, `-` or a number that may be stored? */
export const isLimit = (typed: string): boolean => /^(?:-|\d{1,8})?$/.test(typed.trim());

function limitOf(typed: string): number | 'unlimited' | null {
  const plain = typed.trim();
  return plain === '' ? null : plain === '-' ? 'unlimited' : Number(plain);
}

/** What the server keeps of a person or group. */
export function limitsOf(typed: TypedLimits): Record<OutputKind, SubjectLimits> {
  return Object.fromEntries(
    KINDS.map((kind) => [kind, { perJob: limitOf(typed[kind].perJob), perDay: limitOf(typed[kind].perDay) }]),
  ) as Record<OutputKind, SubjectLimits>;
}

/** Everybody first, then each role that has limits of its own. */
export function linesOf({ quotas = {} }: Pick<SettingsDocument, 'quotas'>): QuotaLine[] {
  const roles = new Set(KINDS.flatMap((kind) => Object.keys(quotas[kind]?.roles ?? {})));
  const ofRole = (role: string): Given =>
    Object.fromEntries(KINDS.map((kind) => [kind, quotas[kind]?.roles?.[role] ?? {}]));
  return [
    { role: '', limits: typedOf(quotas) },
    ...[...roles].sort().map((role) => ({ role, limits: typedOf(ofRole(role)) })),
  ];
}

function said(limits: Record<LimitName, string>): Pick<QuotaDocument, LimitName> {
  return Object.fromEntries(
    LIMITS.flatMap((name) => {
      const limit = limitOf(limits[name]);
      return limit === null ? [] : [[name, limit]];
    }),
  );
}

/** The document with the limits of the form. */
export function withQuotas(document: SettingsDocument, lines: readonly QuotaLine[]): SettingsDocument {
  const quotas = KINDS.flatMap((kind) => {
    const all = said(lines.find(({ role }) => role === '')?.limits[kind] ?? { perJob: '', perDay: '' });
    const roles = lines
      .filter(({ role }) => role !== '')
      .map(({ role, limits }) => [role, said(limits[kind])] as const)
      .filter(([, limits]) => Object.keys(limits).length > 0);
    const quota = { ...all, ...(roles.length > 0 ? { roles: Object.fromEntries(roles) } : {}) };
    return Object.keys(quota).length > 0 ? [[kind, quota] as const] : [];
  });
  const { quotas: _before, ...rest } = document;
  return { ...rest, ...(quotas.length > 0 ? { quotas: Object.fromEntries(quotas) } : {}) };
}
