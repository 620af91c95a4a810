import { emptyJudgement } from './form';
import { claimNotices } from './gates';
import type { Guideline } from './guideline';
import type { Claim } from './judgement';

/** What the guideline's gates ask of a claim's sources and these do not give yet: told while one works, asked again at hand-in. */
export function evidenceAdvice(claim: Claim, guideline: Guideline, flags: string[] = []): string[] {
  return claimNotices({ ...emptyJudgement([claim.response]), claims: [claim], flags }, guideline, 0).map(notice => notice.message);
}
