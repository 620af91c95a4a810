/** What `GET /api/exports/{project}/{format}` knows, and what each is for. */
export const exportFormats: { format: string; name: string; use: string }[] = [
  { format: 'annotations', name: 'Judgements', use: 'Your own analysis: every judgement whole, one per line, raters under pseudonyms.' },
  { format: 'claims', name: 'Claims', use: 'Correcting facts: every recorded claim with its verdict, correction and sources.' },
  { format: 'consensus', name: 'Consensus', use: 'A table of results: one line per response with mean scores, number of raters and harm.' },
  { format: 'trl-preference', name: 'TRL preference', use: 'Preference training (DPO, reward models): prompt, chosen and rejected answer; ties left out.' },
  { format: 'kto', name: 'KTO', use: 'Training on single answers: prompt, completion, and whether it is a good one; middling ones left out.' },
  { format: 'helpsteer', name: 'HelpSteer', use: 'Training on attributes: the six dimension means on a scale from 0 to 4.' },
  { format: 'healthbench-meta', name: 'HealthBench meta', use: 'Checking a model that grades: each rater\'s met or not met, per rubric criterion.' },
  { format: 'label-studio', name: 'Label Studio', use: 'Looking at marked passages in Label Studio: one task per response, one annotation per rater.' },
];
