import type { Locale, LocaleText } from '@mortise/core/contract';
import { computed, type ComputedRef } from 'vue';
import { createI18n } from 'vue-i18n';
import { configureClient } from '../api/client';
import en from './en';
import zhCN from './zh-CN';

export const LOCALES: readonly { readonly code: Locale; readonly name: string }[] = [
  { code: 'zh-CN', name: '中文' },
  { code: 'en', name: 'English' },
];

/** Texts of the programs; labels of the business come from the model. */
export const i18n = createI18n({
  legacy: false,
  locale: 'zh-CN',
  fallbackLocale: 'en',
  messages: { 'zh-CN': zhCN, en },
  missingWarn: import.meta.env.DEV,
});

/** Sets the language of texts, of labels and of the server's messages. Anything unknown becomes Chinese. */
export function setLocale(wished: string): void {
  const locale: Locale = wished.startsWith('en') ? 'en' : 'zh-CN';
  i18n.global.locale.value = locale;
  document.documentElement.lang = locale;
  localStorage.setItem('mortise.locale', locale);
  configureClient({ locale });
}

/** The language in use. */
export const locale: ComputedRef<Locale> = computed(() => i18n.global.locale.value as Locale);

/** A label inside a sentence: English begins it small (`New customer`), except an abbreviation. */
export function inSentence(value: LocaleText | undefined): string {
  const label = text(value);
  return locale.value === 'en' && /^[A-Z][a-z]/.test(label)
    ? label.charAt(0).toLowerCase() + label.slice(1)
    : label;
}

/** A text of the model in the language in use; the other language rather than nothing. */
export function text(value: LocaleText | undefined): string {
  if (!value) return '';
  return value[locale.value] || value[locale.value === 'en' ? 'zh-CN' : 'en'] || '';
}

/** What the window is called (UI-01): 榫卯CRM, Mortise CRM. */
export function productTitle(name: LocaleText | undefined, language: Locale = locale.value): string {
  const shown = name?.[language] || text(name);
  return language === 'en' ? `${shown} CRM`.trim() : `${shown}CRM`;
}

/** Several names in one text, as the language writes lists. */
export function listed(names: readonly string[], language: Locale = locale.value): string {
  return names.join(language === 'en' ? ', ' : '、');
}
