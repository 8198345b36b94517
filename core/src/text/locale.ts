/** The languages of the interface and of every label; Chinese is the default (I18N-01). */
export const LOCALES = ['zh-CN', 'en'] as const;
export type Locale = (typeof LOCALES)[number];

/** A text in both languages, as documents write it: `{ "zh-CN": "客户", "en": "Customer" }`. */
export type LocaleText = Readonly<Record<Locale, string>>;

/** The text in `locale`; falls back to the other language rather than to nothing. */
export function localise(text: LocaleText, locale: Locale): string {
  return text[locale] || text[locale === 'en' ? 'zh-CN' : 'en'];
}
