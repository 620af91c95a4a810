import { defineConfig } from 'vitest/config';
import { serviceWorker } from './service-worker.ts';
import { sizeBudget } from './size-budget.ts';

const backend = process.env['HEALTHEVAL_API'] ?? 'http://127.0.0.1:5180';

/** Pages that nobody loads before they open them. */
const later = (module: string) => /\/pages\/(lead\/|case|mine|sign-in)/.test(module);

export default defineConfig({
  build: {
    target: ['chrome123', 'firefox128', 'safari17.5'],
    cssTarget: ['chrome123', 'firefox128', 'safari17.5'],
    // Everything is a file of its own: the policy served with the page allows no inline code and no inline style.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  plugins: [serviceWorker('src/offline/worker.js', later), sizeBudget({ kilobytes: 100, later })],
  server: { proxy: { '/api': backend } },
  preview: { proxy: { '/api': backend } },
  test: { include: ['src/**/*.test.ts'], environment: 'node' },
});
