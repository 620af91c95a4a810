import type { Guideline } from './guideline';
import type { DimensionKey, Judgement } from './judgement';

export interface Missing {
  field: string;
  response: string | null;
  label: string;
}

/** What a judgement must have before it can be handed in; the server says the same. */
export function missing(judgement: Judgement, guideline: Guideline): Missing[] {
  const several = judgement.ratings.length > 1;
  const found = judgement.ratings.flatMap((rating, index): Missing[] => {
    const where = several ? ` of response ${rating.response}` : '';
    const scores = guideline.dimensions
      .filter(dimension => rating[dimension.key as DimensionKey] === null)
      .map(dimension => ({ field: `judgement.ratings[${index}].${dimension.key}`, response: rating.response, label: `${dimension.name}${where}` }));
    const harm = judgement.harm[index]?.extent ? [] : [{ field: `judgement.harm[${index}].extent`, response: rating.response, label: `Extent of harm${where}` }];
    return [...scores, ...harm];
  });
  if (several && !judgement.preference?.winner) found.push({ field: 'judgement.preference.winner', response: null, label: 'Which response you prefer' });
  if (judgement.confidence === null) found.push({ field: 'judgement.confidence', response: null, label: 'Your confidence' });
  return found;
}

/** How far one response is judged: what is asked of it, and what has been given. */
export function progressOf(judgement: Judgement, guideline: Guideline, response: string): { done: number; of: number } {
  const of = guideline.dimensions.length + 1;
  return { done: of - missing(judgement, guideline).filter(entry => entry.response === response).length, of };
}
