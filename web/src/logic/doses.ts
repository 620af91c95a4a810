import { codePoints } from './code-points';
import type { Mark } from './paint';

const amount = String.raw`\d+(?:[.,]\d+)*(?:\s?[-–]\s?\d+(?:[.,]\d+)*)?`;
const unit = String.raw`(?:mcg|µg|μg|ug|mg|kg|g|ng|ml|mL|dl|dL|l|L|IU|iu|I\.U\.|units?|mmol|mol|mEq|mmHg|°[CF]|%|tablets?|capsules?|drops?|puffs?|hours?|days?|weeks?)`;
const dose = new RegExp(String.raw`(?<![\w.])${amount}\s?${unit}(?:\s?/\s?(?:kg|g|m²|m2|d[lL]|m?[lL]|day|d|h|hour|min|dose))*(?![\p{L}\d])`, 'gu');

/** Amounts with their units, for the eye to check: a factor of ten is easily read over. */
export function dosesIn(text: string): Mark[] {
  const source = codePoints(text);
  return [...text.matchAll(dose)].map(found => ({ id: 'spot', start: source.fromUtf16(found.index), end: source.fromUtf16(found.index + found[0].length), kind: 'dose', label: '' }));
}
