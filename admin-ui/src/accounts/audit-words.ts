import type { AuditEntry } from '@mortise/core/contract';
import type { LocaleText } from '@mortise/core/contract';
import { text } from '../locales';

type Translate = (key: string, words?: Readonly<Record<string, unknown>>) => string;

/** Actions as people look for them. */
export const ACTION_GROUPS = {
  account: [
    'sign-in',
    'sign-in-failed',
    'locked',
    'sign-out',
    'refused',
    'password',
    'session-ended',
    'token-made',
    'token-revoked',
  ],
  record: [
    'sensitive-read',
    'workflow-trial',
    'create',
    'update',
    'delete',
    'restore',
    'void',
    'unvoid',
    'merge',
    'review',
    'transition',
  ],
  output: ['print', 'export', 'mail', 'backup', 'log-exported'],
  configuration: ['metadata', 'permission', 'quota'],
} as const;

/** How an action looks at a glance: what was refused stands out. */
export function toneOf({ action, detail }: AuditEntry): 'danger' | 'warning' | 'success' | 'info' {
  if (['sign-in-failed', 'locked', 'refused'].includes(action) || detail['refused']) return 'danger';
  if (['delete', 'void', 'sensitive-read', 'print', 'export', 'mail', 'backup'].includes(action))
    return 'warning';
  return action === 'create' || action === 'sign-in' || action === 'restore' ? 'success' : 'info';
}

const REASONS: Readonly<Record<string, string>> = { 'old-password': 'oldPassword' };

/** What happened, in words. */
export function detailOf(entry: AuditEntry, t: Translate): string {
  const { detail } = entry;
  const parts: string[] = [];
  if (entry.fields.length > 0)
    parts.push(
      t('accounts.audit.fieldsChanged', { fields: entry.fields.map(({ label }) => text(label)).join('、') }),
    );
  const reason = detail['reason'];
  if (typeof reason === 'string') parts.push(t(`accounts.audit.reason.${REASONS[reason] ?? reason}`));
  if (detail['text']) parts.push(text(detail['text'] as LocaleText));
  if (typeof detail['minutes'] === 'number')
    parts.push(t('accounts.audit.minutes', { n: detail['minutes'] }));
  if (detail['refused']) parts.push(t('accounts.audit.overLimit'));
  if (detail['by'] === 'administrator') parts.push(t('accounts.audit.byAdministrator'));
  if (typeof detail['act'] === 'string') parts.push(t(`accounts.audit.backupAct.${detail['act']}`));
  if (typeof detail['version'] === 'number')
    parts.push(t('accounts.audit.version', { n: detail['version'] }));
  if (Array.isArray(detail['documents'])) parts.push(detail['documents'].join(', '));
  for (const name of ['template', 'name', 'limits'])
    if (typeof detail[name] === 'string') parts.push(detail[name]);
  if (entry.reason) parts.push(entry.reason);
  return parts.join(' · ');
}
