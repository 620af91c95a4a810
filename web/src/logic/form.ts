import { dimensionKeys, type Answer, type DimensionKey, type Equity, type Evidence, type Harm, type Judgement, type Preference, type Rating, type Span } from './judgement';

/** A judgement in which nothing has been said yet, with a place for each response. */
export function emptyJudgement(keys: string[]): Judgement {
  return {
    ratings: keys.map(emptyRating), harm: keys.map(emptyHarm), claims: [], spans: [], behaviour: [], rules: [], rubric: [],
    preference: null, refinedPrompt: null, idealResponse: null, flags: [], confidence: null, overall: null, activeSeconds: 0,
  };
}

/** What came from the server or the device, with every place filled that an older or shorter record may lack. */
export function completed(saved: Partial<Judgement> | null, keys: string[], mode = 'full'): Judgement {
  const empty = { ...emptyJudgement(keys), ...(mode === 'full' ? {} : { mode }) };
  if (!saved) return empty;
  const own = <T extends { response: string }>(list: T[] | undefined, blank: (key: string) => T) =>
    keys.map(key => ({ ...blank(key), ...list?.find(entry => entry.response === key) }));
  return {
    ...empty,
    ...Object.fromEntries(Object.entries(saved).filter(([, value]) => value !== null && value !== undefined)),
    ratings: own(saved.ratings, emptyRating),
    harm: own(saved.harm, emptyHarm),
    claims: (saved.claims ?? []).map(claim => ({ ...emptyClaim(claim.response), ...claim, evidence: (claim.evidence ?? []).map(entry => ({ ...emptyEvidence(), ...entry })) })),
    spans: (saved.spans ?? []).map(span => ({ ...emptySpan(span.response), ...span })),
    preference: saved.preference ? { ...emptyPreference(), ...asAsked(saved.preference, keys), perDimension: saved.preference.perDimension ?? {} } : null,
  };
}

/** Of two responses a winner is asked for; recorded it is as a ranking. */
function asAsked(preference: Preference, keys: string[]): Preference {
  if (keys.length !== 2 || !preference.ranking) return preference;
  const winner = preference.bothBad ? 'both_bad' : preference.ranking.length > 1 ? (preference.ranking[0]?.[0] ?? null) : 'tie';
  return { ...preference, winner, ranking: null, bothBad: null };
}

export function emptyRating(response: string): Rating {
  const scores = Object.fromEntries(dimensionKeys.map(key => [key, null])) as Record<DimensionKey, null>;
  return { response, ...scores, rationale: null };
}

export function emptyHarm(response: string): Harm {
  return { response, extent: null, likelihood: null, mechanism: null };
}

export function emptySpan(response: string): Span {
  return { response, start: null, end: null, quote: null, kind: '', code: '', severity: null, comment: null, suggestion: null, missingText: null };
}

export function emptyClaim(response: string): Judgement['claims'][number] {
  return { response, start: null, end: null, quote: null, type: null, checkworthiness: null, verdict: null, critical: false, correction: null, evidence: [] };
}

export function emptyEvidence(): Evidence {
  return { url: '', title: null, publisher: null, tier: null, publishedOn: null, accessedOn: null, jurisdiction: null, stance: null, excerpt: null };
}

export function emptyPreference(): Preference {
  return { winner: null, strength: null, perDimension: {}, rationale: null };
}

/** Words typed into a field: nothing typed is null, not an empty text. */
export function textOrNull(text: string): string | null {
  return text === '' ? null : text;
}

export function replaceAt<T>(list: T[], index: number, value: Partial<T>): T[] {
  return list.map((entry, at) => (at === index ? { ...entry, ...value } : entry));
}

export function removeAt<T>(list: T[], index: number): T[] {
  return list.filter((_, at) => at !== index);
}

export function setScore(judgement: Judgement, response: string, key: DimensionKey, score: Answer | null): Judgement {
  return { ...judgement, ratings: judgement.ratings.map(rating => (rating.response === response ? { ...rating, [key]: score } : rating)) };
}

export function changeRating(judgement: Judgement, response: string, change: Partial<Rating>): Judgement {
  return { ...judgement, ratings: judgement.ratings.map(rating => (rating.response === response ? { ...rating, ...change } : rating)) };
}

/** Puts the answer on equity of one response in, or takes it out when `change` is null. */
export function setEquity(judgement: Judgement, response: string, change: Partial<Equity> | null): Judgement {
  const all = judgement.equity ?? [];
  const old = all.find(entry => entry.response === response) ?? { response, answer: '', groups: [], comment: null };
  const next = change?.answer === 'no' ? { ...old, ...change, groups: [], comment: null } : { ...old, ...change };
  const others = all.filter(entry => entry.response !== response);
  return { ...judgement, equity: change === null ? others : [...others, next] };
}

/** Without harm there is neither a likelihood nor a mechanism. */
export function setHarm(judgement: Judgement, response: string, change: Partial<Harm>): Judgement {
  const apply = (harm: Harm): Harm => {
    const next = { ...harm, ...change };
    return next.extent === null || next.extent === 'none' ? { response: next.response, extent: next.extent, likelihood: null, mechanism: null } : next;
  };
  return { ...judgement, harm: judgement.harm.map(harm => (harm.response === response ? apply(harm) : harm)) };
}

/** A note goes with its flag. */
export function setFlags(judgement: Judgement, flags: string[]): Judgement {
  const notes = Object.fromEntries(Object.entries(judgement.flagNotes ?? {}).filter(([flag]) => flags.includes(flag)));
  return { ...judgement, flags, ...(judgement.flagNotes ? { flagNotes: notes } : {}) };
}

export function setFlagNote(judgement: Judgement, flag: string, note: string): Judgement {
  const { [flag]: _, ...others } = judgement.flagNotes ?? {};
  return { ...judgement, flagNotes: note === '' ? others : { ...others, [flag]: note } };
}

export function setPreference(judgement: Judgement, change: Partial<Preference>): Judgement {
  return { ...judgement, preference: { ...(judgement.preference ?? emptyPreference()), ...change } };
}

type Answers = { behaviour: 'check'; rules: 'rule'; rubric: 'criterion' };

/** Puts one answer of a checklist in, or takes it out when `change` is null. */
export function setAnswer<L extends keyof Answers>(judgement: Judgement, list: L, response: string, id: string, change: Partial<Judgement[L][number]> | null): Judgement {
  const name = ({ behaviour: 'check', rules: 'rule', rubric: 'criterion' } as Answers)[list];
  const entries = judgement[list] as unknown as Record<string, unknown>[];
  const isIt = (entry: Record<string, unknown>) => entry['response'] === response && entry[name] === id;
  const old = entries.find(isIt) ?? { response, [name]: id, comment: null };
  const next = change === null ? entries.filter(entry => !isIt(entry)) : entries.some(isIt) ? entries.map(entry => (isIt(entry) ? { ...entry, ...change } : entry)) : [...entries, { ...old, ...change }];
  return { ...judgement, [list]: next };
}
