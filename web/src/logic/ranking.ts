import { setPreference } from './form';
import type { Judgement, Preference } from './judgement';

/** The place of each response, 1 is best; null where none is given. A place may be empty while one works. */
export function placeOf(preference: Preference | null, key: string): number | null {
  const at = preference?.ranking?.findIndex(group => group.includes(key)) ?? -1;
  return at < 0 ? null : at + 1;
}

/** Puts a response in a place, beside others there as equally good; null takes it out. */
export function ranked(judgement: Judgement, key: string, place: number | null): Judgement {
  const groups = (judgement.preference?.ranking ?? []).map(group => group.filter(other => other !== key));
  if (place !== null) {
    while (groups.length < place) groups.push([]);
    groups[place - 1] = [...groups[place - 1]!, key].sort();
  }
  while (groups.at(-1)?.length === 0) groups.pop();
  return setPreference(judgement, { ranking: groups.length > 0 ? groups : null, winner: null });
}

/** Whether it is said which response is better: a winner of two, a place for each of more. */
export function preferenceIsSaid(judgement: Judgement): boolean {
  const keys = judgement.ratings.map(rating => rating.response);
  return keys.length === 2 ? Boolean(judgement.preference?.winner) : keys.every(key => placeOf(judgement.preference, key) !== null);
}

/** The first group stands out against another: then it can be said by how much. */
export function hasFirst(preference: Preference | null): boolean {
  return (preference?.ranking ?? []).filter(group => group.length > 0).length > 1;
}

/** As it is handed in: no empty places, and no strength where nothing is better than anything. */
export function withWholeRanking(judgement: Judgement): Judgement {
  const { preference } = judgement;
  if (!preference?.ranking) return judgement;
  return setPreference(judgement, { ranking: preference.ranking.filter(group => group.length > 0), strength: hasFirst(preference) ? preference.strength : null });
}

/** In words: 'B, then A and C'. */
export function rankingWords(preference: Preference | null): string | null {
  if (preference?.winner) return preference.winner;
  return preference?.ranking ? preference.ranking.filter(group => group.length > 0).map(group => group.join(' and ')).join(', then ') : null;
}
