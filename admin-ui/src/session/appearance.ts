import type { PersonalSettings } from '@mortise/core/contract';

type Theme = NonNullable<PersonalSettings['theme']>;
const dark = globalThis.matchMedia?.('(prefers-color-scheme: dark)');
let wished: Theme = 'system';

function paint(): void {
  const isDark = wished === 'dark' || (wished === 'system' && dark?.matches === true);
  document.documentElement.classList.toggle('dark', isDark);
}

/** Applies theme and density; the theme is remembered on this device for the sign-in screen. */
export function applyAppearance(settings: PersonalSettings): void {
  wished = settings.theme ?? (localStorage.getItem('mortise.theme') as Theme | null) ?? 'system';
  if (settings.theme) localStorage.setItem('mortise.theme', settings.theme);
  document.documentElement.dataset['density'] = settings.density ?? 'normal';
  paint();
}

dark?.addEventListener('change', paint);
