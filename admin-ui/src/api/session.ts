import type {
  MeAnswer,
  PasswordRulesAnswer,
  PersonalSettings,
  SessionAnswer,
  SetupAnswer,
} from '@mortise/core/contract';
import { api } from './client';

/** What the sign-in screen may know. */
export const readSetup = (): Promise<SetupAnswer> => api('/setup', { anonymous: true });

/** @throws ApiProblem MRT_SESSION_CREDENTIALS, MRT_SESSION_LOCKED */
export const openSession = (username: string, password: string): Promise<SessionAnswer> =>
  api('/session', { method: 'POST', body: { username, password }, anonymous: true });

export const closeSession = (): Promise<void> => api('/session', { method: 'DELETE', anonymous: true });

export const readMe = (): Promise<MeAnswer> => api('/me', { anonymous: true });

/** Merges personal settings (DM-USR-05). */
export const saveSettings = (settings: PersonalSettings): Promise<MeAnswer> =>
  api('/me', { method: 'PATCH', body: { settings } });

/** FM-03: asks for the old password and ends the other sessions. */
export const changePassword = (current: string, next: string): Promise<void> =>
  api('/me/password', { method: 'POST', body: { old: current, new: next } });

/** What a password must be, in sentences. */
export async function passwordRules(): Promise<readonly string[]> {
  const { rules } = await api<PasswordRulesAnswer>('/me/password');
  return rules.map(({ message }) => message);
}
