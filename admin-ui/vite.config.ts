import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';

/** Where the API answers while developing; `npm run dev` proxies to it. */
const server = process.env['MORTISE_DEV_SERVER'] ?? 'http://127.0.0.1:3000';

export default defineConfig({
  plugins: [vue()],
  define: {
    // The page runs under `script-src 'self'`: texts are interpreted, never compiled with `new Function`.
    __INTLIFY_JIT_COMPILATION__: true,
    __INTLIFY_PROD_DEVTOOLS__: false,
    __INTLIFY_DROP_MESSAGE_COMPILER__: false,
    __VUE_I18N_FULL_INSTALL__: false,
    __VUE_I18N_LEGACY_API__: false,
    __VUE_OPTIONS_API__: true,
    __VUE_PROD_DEVTOOLS__: false,
    __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: false,
  },
  server: {
    proxy: { '/api': { target: server }, '/health': { target: server }, '/print': { target: server } },
  },
  build: {
    target: 'es2022',
    outDir: 'dist',
    emptyOutDir: true,
    // An inlined asset would be a `data:` URL, which the policy refuses for fonts and scripts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
