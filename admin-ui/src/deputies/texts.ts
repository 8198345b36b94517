import { i18n } from '../locales';
import en from './locales/en';
import zhCN from './locales/zh-CN';

/** Adds the texts of deputies. They come with their part of the personal settings, not with the window. */
i18n.global.mergeLocaleMessage('zh-CN', { deputy: zhCN });
i18n.global.mergeLocaleMessage('en', { deputy: en });
