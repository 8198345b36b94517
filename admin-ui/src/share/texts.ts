import { i18n } from '../locales';
import en from './locales/en';
import zhCN from './locales/zh-CN';

/** Adds the texts of sharing. They come with its dialog, not with the window. */
i18n.global.mergeLocaleMessage('zh-CN', { share: zhCN });
i18n.global.mergeLocaleMessage('en', { share: en });
