import { readFileSync } from 'node:fs';
import type { Guideline } from './guideline';

const read = (name: string) => JSON.parse(readFileSync(new URL(`../../../api/Guidelines/${name}.json`, import.meta.url), 'utf8'));

/** The guidelines as the program ships and serves them: tests see the words that clinicians see. */
export const firstGuideline = { ...read('guideline-v1'), sha256: 'test', legacyGates: read('gates-v1').gates } as Guideline;
export const guideline = { ...read('guideline-v2'), sha256: 'test' } as Guideline;
