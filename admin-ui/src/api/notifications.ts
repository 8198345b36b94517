import type { NotificationsAnswer } from '@mortise/core/contract';
import { api } from './client';

/** What the signed-in person was told, newest first. */
export function readNotifications(limit: number, unread = false): Promise<NotificationsAnswer> {
  return api('/me/notifications', { query: { limit, unread: unread || undefined } });
}

/** Marks as read; all of them without `ids`. */
export function markNotificationsRead(ids?: readonly string[]): Promise<void> {
  return api('/me/notifications/read', { method: 'POST', body: ids ? { ids } : {} });
}
