import type { Guideline } from './guideline';

export interface Chapter {
  title: string;
  open: boolean;
  entries: { title: string; text: string }[];
}

/** The guideline as chapters of titled paragraphs, for reading and searching. */
export function guidelineEntries(guideline: Guideline): Chapter[] {
  const named = (list: { name: string; description: string }[]) => list.map(entry => ({ title: entry.name, text: entry.description }));
  return [
    { title: 'How to judge', open: true, entries: guideline.instructions },
    { title: 'Rating dimensions', open: false, entries: guideline.dimensions.map(entry => ({ title: entry.name, text: [entry.question, entry.scope, ...Object.entries(entry.anchors).map(([level, anchor]) => `${level}  ${anchor}`)].join('\n') })) },
    { title: 'Harm: extent', open: false, entries: named(guideline.harm.extent) },
    { title: 'Harm: likelihood and mechanism', open: false, entries: [...named(guideline.harm.likelihood), ...named(guideline.harm.mechanism)] },
    { title: 'Kinds and severity of marks', open: false, entries: [...named(guideline.kinds), ...guideline.severities.map(entry => ({ title: `${entry.name} (weight ${entry.weight})`, text: entry.definition }))] },
    { title: `Codes (${guideline.codes.length})`, open: false, entries: guideline.codes.map(entry => ({ title: `${entry.code} ${entry.name}`, text: entry.description })) },
    { title: 'Claims', open: false, entries: [...named(guideline.claimTypes), ...named(guideline.checkworthiness)] },
    { title: 'Verdicts', open: false, entries: guideline.verdicts.map(entry => ({ title: entry.name, text: entry.meaning })) },
    { title: 'Evidence tiers', open: false, entries: guideline.evidenceTiers.map(entry => ({ title: `${entry.key} ${entry.name}`, text: `${entry.evidence}\n${entry.defaultSources.join(' · ')}` })) },
    { title: 'Behaviour checklist', open: false, entries: guideline.behaviour.map(entry => ({ title: `${entry.key} ${entry.text}`, text: entry.help })) },
    { title: 'Confidence, overall and flags', open: false, entries: [...guideline.confidence, ...guideline.overall].map(entry => ({ title: `${entry.level} ${entry.name}`, text: entry.description })).concat(named(guideline.flags)) },
    { title: `Source registry (${guideline.sources.length})`, open: false, entries: guideline.sources.map(entry => ({ title: entry.name, text: `${entry.domain}${entry.path ?? ''} · ${entry.tier ?? 'tier by page or record'} · ${entry.jurisdiction}${entry.note ? `\n${entry.note}` : ''}` })) },
  ];
}
