import react from '@vitejs/plugin-react';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import {
  chunkOf,
  compiledAhead,
  earlyMain,
  plainIcons,
  stylesOfMantine,
  themeVariables,
  withoutRuntimeVariables,
} from './build/firstLoad';

/** The server that `npm run dev` passes `/api` on to, and the token it adds when there is one. */
const server = process.env.WINDLASS_URL ?? 'http://127.0.0.1:8001';
const token = process.env.WINDLASS_TOKEN;

export default defineConfig({
  plugins: [
    react(),
    themeVariables(),
    stylesOfMantine(),
    withoutRuntimeVariables(),
    plainIcons(),
    earlyMain(),
    compiledAhead(),
  ],
  resolve: { alias: { '~': fileURLToPath(new URL('./src', import.meta.url)) } },
  build: {
    target: 'es2022',
    // Nothing is inlined as data: what the page loads is what `assets/` holds.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false }, // an older browser loads the same, a little later
    rollupOptions: {
      input: ['index.html', 'docs.html'],
      output: { manualChunks: chunkOf, onlyExplicitManualChunks: true },
    },
  },
  server: {
    proxy: {
      '/api': {
        target: server,
        ...(token ? { headers: { Authorization: `Token ${token}` } } : {}),
      },
    },
  },
  test: {
    environment: 'jsdom',
    setupFiles: ['./vitest.setup.ts'],
    css: false,
    env: { TZ: 'Europe/Berlin' },
  },
});
