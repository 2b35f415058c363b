/** The web pages: one HTML file a page. `npm run build:web` builds them (scripts/build-web.mjs); the server serves them. */
import react from '@vitejs/plugin-react';
import { defaultClientConditions, defineConfig } from 'vite';

export default defineConfig({
  plugins: [react()],
  resolve: {
    // The recording panel is written once, on React Native's primitives.
    alias: [{ find: /^react-native$/, replacement: 'react-native-web' }],
    // The client from its sources, by its public names.
    conditions: ['@thankly/source', ...defaultClientConditions],
    dedupe: ['react', 'react-dom', 'i18next', 'react-i18next'],
  },
  define: {
    // React Native's libraries expect both.
    global: 'globalThis',
    'process.env.NODE_ENV': JSON.stringify(process.env.NODE_ENV ?? 'development'),
  },
  build: {
    outDir: 'dist',
    target: 'es2022',
    // Every asset is a file of its own: the page's policy allows no inline script, and data: only for images.
    assetsInlineLimit: 0,
    // mediabunny is large, and fetched only when a file is looked at; so are the charts, after the page stands.
    chunkSizeWarningLimit: 800,
    rolldownOptions: { input: { recorder: 'index.html', console: 'console.html' } },
  },
});
