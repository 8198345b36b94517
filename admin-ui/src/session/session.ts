import type { MeAnswer, PersonalSettings, SetupAnswer } from '@mortise/core/contract';
import { reactive, readonly } from 'vue';
import { ApiProblem, configureClient } from '../api/client';
import { listenToServer } from '../api/events';
import { queryClient } from '../api/query-client';
import { closeSession, openSession, readMe, readSetup, saveSettings } from '../api/session';
import { setLocale } from '../locales';
import { applyAppearance } from './appearance';

interface SessionState {
  setup: SetupAnswer | null;
  me: MeAnswer | null;
  /** The session ended while the window was open: a sign-in panel lies over it, so nothing typed is lost. */
  lost: boolean;
  started: boolean;
}

const state = reactive<SessionState>({ setup: null, me: null, lost: false, started: false });
let stopListening: (() => void) | null = null;

function take(me: MeAnswer): void {
  state.me = me;
  configureClient({ csrf: me.csrf });
  setLocale(me.settings.locale ?? me.locale);
  applyAppearance(me.settings);
  stopListening ??= listenToServer();
}

configureClient({
  onSessionLost: () => {
    if (state.me) state.lost = true;
  },
});

/** Reads once who is signed in and what the sign-in screen shows. */
export async function startSession(): Promise<void> {
  if (state.started) return;
  try {
    take(await readMe());
  } catch (error) {
    if (!(error instanceof ApiProblem) || error.status !== 401) throw error;
    applyAppearance({});
  }
  state.setup = await readSetup();
  if (!state.me) setLocale(localStorage.getItem('mortise.locale') ?? state.setup.locale);
  state.started = true;
}

/** @throws ApiProblem when the name or the password is wrong */
export async function signIn(username: string, password: string): Promise<void> {
  const opened = await openSession(username, password);
  configureClient({ csrf: opened.csrf });
  const me = await readMe();
  const sameUser = !state.lost || state.me?.user.id === me.user.id;
  take(me);
  state.lost = false;
  localStorage.setItem('mortise.username', username);
  if (!sameUser) location.assign('/');
  else void queryClient.invalidateQueries();
}

/** Reads again what the sign-in screen may know, after the first-run wizard for instance. */
export async function refreshSetup(): Promise<void> {
  state.setup = await readSetup();
}

/** Reads again who is signed in, after a password change for instance. */
export async function refreshMe(): Promise<void> {
  take(await readMe());
  await queryClient.invalidateQueries();
}

/** Ends the session and forgets everything that was read in it. */
export async function signOut(): Promise<void> {
  try {
    await closeSession();
  } catch (error) {
    // A session that has already ended needs no ending.
    if (!(error instanceof ApiProblem) || error.status !== 401) throw error;
  }
  stopListening?.();
  stopListening = null;
  state.me = null;
  state.lost = false;
  configureClient({ csrf: '' });
  queryClient.clear();
}

/** Saves personal settings and applies them. */
export async function changeSettings(change: PersonalSettings): Promise<void> {
  const answer = await saveSettings(change);
  const me = state.me;
  if (me) take({ ...me, ...answer, settings: { ...me.settings, ...change, ...answer?.settings } });
}

/** Holds a function permission (SEC-06)? */
export function mayUse(functionName: string): boolean {
  const held = state.me?.functions ?? [];
  return held.includes('*') || held.includes(functionName);
}

/** The session as the screens read it. */
export const session = readonly(state);
