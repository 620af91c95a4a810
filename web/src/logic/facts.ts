import type { Turn } from '../api/tasks';

/** What of a conversation is easily forgotten by its last turn: who it is about, and what they must not get. */
const telling =
  /\b(?:\d{1,3}[- ]?(?:years?|yrs?|months?|weeks?|days?)(?:[- ]old)?|[iI](?:'m| am) \d{1,3}\b|pregnan\w*|trimester|breast-?feed\w*|allerg\w*|intoleran\w*|anaphyla\w*|kidney|renal|dialysis|liver|cirrhosis|diabet\w*|warfarin|blood thinner\w*|anticoagula\w*|immunosuppress\w*|transplant\w*|schwanger\w*|stillend\w*|jahre alt|embaraz\w*|al[eé]rgi\w*|años|enceinte|allergique)\b/i;

/** Sentences of what the person has said that name such a fact, in the order in which they were said. */
export function factsIn(prompt: Turn[], language: string | null): string[] {
  const segmenter = new Intl.Segmenter(language || 'en', { granularity: 'sentence' });
  const said = prompt.filter(turn => turn.role === 'user').flatMap(turn => [...segmenter.segment(turn.content)].map(piece => piece.segment.trim()));
  return [...new Set(said.filter(sentence => telling.test(sentence)).map(sentence => (sentence.length > 240 ? `${sentence.slice(0, 240)}…` : sentence)))];
}
