import { i18n } from '../locales';
import en from './locales/en';
import zhCN from './locales/zh-CN';

/** Adds the texts of the administrators' screens. They come with the first of these screens, not with the window. */
i18n.global.mergeLocaleMessage('zh-CN', { admin: zhCN });
i18n.global.mergeLocaleMessage('en', { admin: en });
