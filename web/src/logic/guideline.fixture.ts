import { readFileSync } from 'node:fs';
import type { Guideline } from './guideline';

/** The default guideline as the program ships it: tests see the words that clinicians see. */
export const guideline = { ...JSON.parse(readFileSync(new URL('../../../api/Guidelines/guideline-v1.json', import.meta.url), 'utf8')), sha256: 'test' } as Guideline;
