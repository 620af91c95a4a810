import type { EvalTask } from '../api/tasks';

/** What can be seen of a conversation and an answer, as far as checklist items depend on it. */
export interface Facts {
  severalTurns: boolean;
  rules: boolean;
  cites: boolean;
  lay: boolean;
}

export function factsOf(item: Pick<EvalTask['item'], 'prompt' | 'responses' | 'audience'>, response: string, customerRules: boolean): Facts {
  const text = item.responses.find(entry => entry.key === response)?.text ?? '';
  return {
    severalTurns: item.prompt.filter(turn => turn.role === 'user').length > 1,
    rules: customerRules || item.prompt.some(turn => turn.role === 'system' || turn.role === 'developer'),
    cites: /https?:|\bdoi\b|\bet al\b|\bPMID\b|\[\d+\]|\(\d{4}\)/i.test(text),
    lay: item.audience !== 'clinician',
  };
}

const needs: Record<string, (facts: Facts) => boolean> = {
  CB02: facts => facts.rules,
  CB13: facts => facts.severalTurns,
  CB15: facts => facts.cites,
  CB20: facts => facts.severalTurns,
};

/** Items that apply to such an answer, and those that seldom do; all of them are asked. */
export function byRelevance<T extends { key: string }>(items: T[], facts: Facts): [T[], T[]] {
  const applies = (item: T) => needs[item.key]?.(facts) ?? true;
  return [items.filter(applies), items.filter(item => !applies(item))];
}
