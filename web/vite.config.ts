import { defineConfig } from 'vitest/config';
import { sizeBudget } from './size-budget.ts';

const backend = process.env['HEALTHEVAL_API'] ?? 'http://127.0.0.1:5180';

export default defineConfig({
  build: {
    target: ['chrome123', 'firefox128', 'safari17.5'],
    cssTarget: ['chrome123', 'firefox128', 'safari17.5'],
    // Everything is a file of its own: the policy served with the page allows no inline code and no inline style.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  plugins: [sizeBudget({ kilobytes: 100, later: module => /\/pages\/(lead\/|case|mine|sign-in)/.test(module) })],
  server: { proxy: { '/api': backend } },
  preview: { proxy: { '/api': backend } },
  test: { include: ['src/**/*.test.ts'], environment: 'node' },
});
