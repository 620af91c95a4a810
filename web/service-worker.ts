import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Plugin } from 'vite';
import { firstLoad, type Output } from './size-budget.ts';

/** Writes sw.js, which keeps what a clinician loads first, under a version that changes with any built file. */
export function serviceWorker(source: string, later: (module: string) => boolean): Plugin {
  return {
    name: 'service-worker',
    apply: 'build',
    generateBundle: {
      order: 'post',
      handler(_, bundle) {
        const built = Object.values(bundle) as Output[];
        const version = createHash('sha256').update(readFileSync(source));
        for (const file of built.toSorted((a, b) => (a.fileName < b.fileName ? -1 : 1))) version.update(file.fileName).update(file.type === 'chunk' ? file.code : file.source);
        const files = firstLoad(bundle as Record<string, Output>, later).filter(name => !name.endsWith('.html')).sort();
        const text = readFileSync(source, 'utf8').replace('__VERSION__', version.digest('hex').slice(0, 16)).replace('__FILES__', JSON.stringify(['/', '/favicon.svg', ...files.map(name => `/${name}`)]));
        this.emitFile({ type: 'asset', fileName: 'sw.js', source: text });
      },
    },
  };
}
