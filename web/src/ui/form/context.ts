import type { Earlier } from '../../logic/earlier';
import type { Guideline } from '../../logic/guideline';
import type { Evidence, Judgement } from '../../logic/judgement';
import type { EvalTask, GateNotice } from '../../api/tasks';

/** What every part of the form needs: what is said so far, in which words, and the one way to change it. */
export interface FormContext {
  task: EvalTask;
  guideline: Guideline;
  judgement: Judgement;
  notices: GateNotice[];
  errors: Record<string, string[]>;
  /** The response that the claim pass walks through. */
  pass: string | null;
  /** Sources for the tray: from the person's own judgements of the same prompt, then of the project. */
  sources: Evidence[];
  /** What the person has found in other answers to this prompt. */
  earlier: Earlier;
  update: (label: string, change: (judgement: Judgement) => Judgement, typingIn?: string) => void;
}

export function errorsFor(context: FormContext, path: string): string[] {
  return context.errors[path] ?? [];
}

export function noticesFor(context: FormContext, path: string): GateNotice[] {
  return context.notices.filter(notice => notice.field === path);
}
