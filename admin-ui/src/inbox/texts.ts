import { i18n } from '../locales';
import en from './locales/en';
import zhCN from './locales/zh-CN';

/** Adds the texts of the screens of what waits for a person. They come with the first of these, not with the window. */
i18n.global.mergeLocaleMessage('zh-CN', { work: zhCN });
i18n.global.mergeLocaleMessage('en', { work: en });
