import type { AgendaAnswer, TokenView } from '@mortise/core/contract';
import { api } from './client';

/** What lies on one's own calendar between two days, both included. */
export function readAgenda(from: string, to: string): Promise<AgendaAnswer> {
  return api('/me/agenda', { query: { from, to } });
}

/** One's own tokens: keys of the API and addresses of the calendar. */
export function readTokens(): Promise<{ readonly items: readonly TokenView[] }> {
  return api('/me/tokens');
}

/** Makes an address for other calendar programs; it is answered this once. */
export function createFeed(name: string): Promise<{ readonly id: string; readonly path: string }> {
  return api('/me/feeds', { method: 'POST', body: { name } });
}

export function revokeToken(id: string): Promise<void> {
  return api(`/me/tokens/${id}`, { method: 'DELETE' });
}
