/** For `/react` on the web: React Native's primitives, as react-native-web shows them. */
import { defineConfig } from 'vite';

export default defineConfig({
  resolve: { alias: [{ find: /^react-native$/, replacement: 'react-native-web' }] },
  define: { global: 'globalThis' }, // React Native's libraries expect it
});
