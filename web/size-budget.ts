import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import type { Plugin } from 'vite';

/** Fails the build when everything it wrote, compressed with gzip, is larger than the budget. */
export function sizeBudget({ kilobytes }: { kilobytes: number }): Plugin {
  let folder = '';
  return {
    name: 'size-budget',
    apply: 'build',
    configResolved(config) {
      folder = join(config.root, config.build.outDir);
    },
    closeBundle() {
      const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map(name => join(folder, name)).filter(path => statSync(path).isFile()).map(path => readFileSync(path));
      const gzip = total(files, file => gzipSync(file, { level: 9 }));
      const brotli = total(files, file => brotliCompressSync(file));
      console.log(`web form: ${files.length} files, ${gzip.toFixed(1)} KB gzip, ${brotli.toFixed(1)} KB brotli (budget ${kilobytes} KB)`);
      if (gzip > kilobytes) throw new Error(`The web form is ${gzip.toFixed(1)} KB compressed, over its budget of ${kilobytes} KB.`);
    },
  };
}

function total(files: Buffer[], compress: (file: Buffer) => Buffer): number {
  return files.reduce((sum, file) => sum + compress(file).length, 0) / 1000;
}
