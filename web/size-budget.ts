import { brotliCompressSync, gzipSync } from 'node:zlib';
import type { Plugin, Rolldown } from 'vite';

interface Budget {
  kilobytes: number;
  /** Pages that nobody loads before they open them: what only these import does not count. */
  later: (module: string) => boolean;
}

export type Output = Rolldown.OutputChunk | Rolldown.OutputAsset;

/** Fails the build when what a clinician loads first, compressed with gzip, is larger than the budget. */
export function sizeBudget({ kilobytes, later }: Budget): Plugin {
  return {
    name: 'size-budget',
    apply: 'build',
    writeBundle(_, bundle) {
      const files = firstLoad(bundle, later).map(name => contentOf(bundle[name]!));
      const gzip = total(files, file => gzipSync(file, { level: 9 }));
      const brotli = total(files, file => brotliCompressSync(file));
      const all = total(Object.values(bundle).map(contentOf), file => gzipSync(file, { level: 9 }));
      console.log(`web form, first load: ${files.length} files, ${gzip.toFixed(1)} KB gzip, ${brotli.toFixed(1)} KB brotli (budget ${kilobytes} KB); everything: ${all.toFixed(1)} KB gzip`);
      if (gzip > kilobytes) throw new Error(`What a clinician loads first is ${gzip.toFixed(1)} KB compressed, over its budget of ${kilobytes} KB.`);
    },
  };
}

/** The page itself, and every chunk and style sheet that it reaches without opening a later page. */
export function firstLoad(bundle: Record<string, Output>, later: Budget['later']): string[] {
  const reached = new Set(Object.keys(bundle).filter(name => name.endsWith('.html')));
  const reach = (name: string): void => {
    const file = bundle[name];
    if (!file || reached.has(name)) return;
    if (file.type === 'chunk' && file.isDynamicEntry && later(file.facadeModuleId ?? '')) return;
    reached.add(name);
    if (file.type !== 'chunk') return;
    for (const next of [...file.imports, ...file.dynamicImports, ...(file.viteMetadata?.importedCss ?? [])]) reach(next);
  };
  for (const file of Object.values(bundle)) if (file.type === 'chunk' && file.isEntry) reach(file.fileName);
  return [...reached];
}

function contentOf(file: Output): string | Uint8Array {
  return file.type === 'chunk' ? file.code : file.source;
}

function total(files: (string | Uint8Array)[], compress: (file: string | Uint8Array) => Uint8Array): number {
  return files.reduce((sum, file) => sum + compress(file).length, 0) / 1000;
}
