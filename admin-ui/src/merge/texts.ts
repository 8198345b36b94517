import { i18n } from '../locales';
import en from './locales/en';
import zhCN from './locales/zh-CN';

/** Adds the texts of merging. They come with its dialogs, not with the window. */
i18n.global.mergeLocaleMessage('zh-CN', { merge: zhCN });
i18n.global.mergeLocaleMessage('en', { merge: en });
