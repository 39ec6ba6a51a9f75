import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

// Where `npm run dev` finds a running centre: `tamga serve` prints its address.
const target = process.env.TAMGA_URL ?? 'http://127.0.0.1:8480';
// The centre takes changes only from its own origin: it has to see the address that the browser sees.
const centre = { target, changeOrigin: false };

export default defineConfig({
  plugins: [svelte()],
  build: { target: 'es2022', modulePreload: { polyfill: false }, assetsInlineLimit: 0, manifest: true },
  server: { proxy: { '/api': centre, '/health': centre } },
  preview: { proxy: { '/api': centre, '/health': centre } },
});
