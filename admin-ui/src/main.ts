import { VueQueryPlugin } from '@tanstack/vue-query';
import { createApp } from 'vue';
import App from './App.vue';
import { queryClient } from './api/query-client';
import { i18n } from './locales';
import { router } from './router';
import './styles/element';

createApp(App).use(i18n).use(VueQueryPlugin, { queryClient }).use(router).mount('#app');
