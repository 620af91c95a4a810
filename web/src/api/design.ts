import { json, seg } from './http';

export interface DesignModels {
  models: { model: string; prompts: number }[];
  prompts: number;
  whole: boolean;
}

export interface DesignForm {
  models: string[];
  prompts: number;
  pairs: number;
  batch?: string;
  seed: number;
  preview: boolean;
  why?: string;
}

export interface DesignFigures {
  eligible: number;
  prompts: number;
  tasks: number;
  judgements: number;
  minutesEach: number;
  minutesFrom: string;
  hours: number;
  pairs: { first: string; second: string; prompts: number }[];
  strata: { risk: string; subdomain: string; eligible: number; chosen: number }[];
  pairHalfWidth?: number;
  modelHalfWidth?: number;
  promptsForTenPoints: number;
}

export interface DesignResult {
  figures: DesignFigures;
  batchId?: string;
  tag?: string;
}

const designs = (project: string) => `oversight/${seg(project)}/designs`;

/** Comparisons of models: what there is to compare, what one costs and will be able to say, and opening it. */
export const design = {
  models: (project: string, batch = '') => json<DesignModels>(`${designs(project)}${batch ? `?batch=${seg(batch)}` : ''}`),
  plan: (project: string, form: DesignForm) => json<DesignResult>(designs(project), { method: 'POST', json: form }),
};
