import { i18n } from '../locales';
import en from './locales/en';
import zhCN from './locales/zh-CN';

/** Adds the texts of the screens of accounts and logs. They come with the first of these, not with the window. */
i18n.global.mergeLocaleMessage('zh-CN', { accounts: zhCN });
i18n.global.mergeLocaleMessage('en', { accounts: en });
