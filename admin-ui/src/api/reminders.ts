import type { RemindersAnswer } from '@mortise/core/contract';
import { api } from './client';

/** Running reminders of the signed-in person, the next first. */
export function readReminders(): Promise<RemindersAnswer> {
  return api('/me/reminders');
}

/** Asks to be reminded before a date of a record. @param wish `time` is `HH:MM` */
export function createReminder(wish: {
  readonly entity: string;
  readonly record: string;
  readonly field: string;
  readonly days_before: number;
  readonly time: string;
  readonly note?: string;
}): Promise<{ readonly id: string }> {
  return api('/me/reminders', { method: 'POST', body: wish });
}

export function snoozeReminder(id: string, until: Date): Promise<void> {
  return api(`/me/reminders/${id}/snooze`, { method: 'POST', body: { until: until.toISOString() } });
}

export function finishReminder(id: string): Promise<void> {
  return api(`/me/reminders/${id}/done`, { method: 'POST', body: {} });
}
