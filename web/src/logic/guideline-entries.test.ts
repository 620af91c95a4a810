import { describe, expect, it } from 'vitest';
import { guidelineEntries } from './guideline-entries';
import { guideline } from './guideline.fixture';

describe('the guideline to read', () => {
  const chapters = guidelineEntries(guideline);
  const chapter = (title: string) => chapters.find(one => one.title === title)!.entries;

  it('has these chapters, of which the first is open', () => {
    expect(chapters.map(one => one.title)).toEqual([
      'How to judge', 'Rating dimensions', 'Harm: extent', 'Harm: likelihood and mechanism', 'Kinds and severity of marks', `Codes (${guideline.codes.length})`, 'Claims', 'Verdicts',
      'Evidence tiers', 'Behaviour checklist', 'Confidence, overall and flags', `Source registry (${guideline.sources.length})`,
    ]);
    expect(chapters.map(one => one.open)).toEqual([true, ...chapters.slice(1).map(() => false)]);
  });

  it('leaves nothing out and explains every entry', () => {
    const { harm } = guideline;
    expect(chapters.map(one => one.entries.length)).toEqual([
      guideline.instructions.length, guideline.dimensions.length, harm.extent.length, harm.likelihood.length + harm.mechanism.length, guideline.kinds.length + guideline.severities.length,
      guideline.codes.length, guideline.claimTypes.length + guideline.checkworthiness.length, guideline.verdicts.length, guideline.evidenceTiers.length, guideline.behaviour.length,
      guideline.confidence.length + guideline.overall.length + guideline.flags.length, guideline.sources.length,
    ]);
    for (const one of chapters) for (const entry of one.entries) expect(entry.title?.trim() && typeof entry.text === 'string', `${one.title}: ${entry.title}`).toBe(true);
  });

  it('names each as the form does', () => {
    const [dimension, severity, code, tier, check, level] = [guideline.dimensions[0]!, guideline.severities[0]!, guideline.codes[0]!, guideline.evidenceTiers[0]!, guideline.behaviour[0]!, guideline.confidence[0]!];
    expect(chapter('Rating dimensions')[0]).toEqual({ title: dimension.name, text: [dimension.question, dimension.scope, ...Object.entries(dimension.anchors).map(([at, anchor]) => `${at}  ${anchor}`)].join('\n') });
    expect(chapter('Harm: extent')[0]).toEqual({ title: guideline.harm.extent[0]!.name, text: guideline.harm.extent[0]!.description });
    expect(chapter('Kinds and severity of marks')).toContainEqual({ title: `${severity.name} (weight ${severity.weight})`, text: severity.definition });
    expect(chapter(`Codes (${guideline.codes.length})`)[0]).toEqual({ title: `${code.code} ${code.name}`, text: code.description });
    expect(chapter('Verdicts')[0]).toEqual({ title: guideline.verdicts[0]!.name, text: guideline.verdicts[0]!.meaning });
    expect(chapter('Evidence tiers')[0]).toEqual({ title: `${tier.key} ${tier.name}`, text: `${tier.evidence}\n${tier.defaultSources.join(' · ')}` });
    expect(chapter('Behaviour checklist')[0]).toEqual({ title: `${check.key} ${check.text}`, text: check.help });
    expect(chapter('Confidence, overall and flags')[0]).toEqual({ title: `${level.level} ${level.name}`, text: level.description });
  });

  it('says of a source where it is, its tier or that it has none of its own, and what is to be known', () => {
    const of = (source: object) => guidelineEntries({ ...guideline, sources: [{ domain: 'a.example', name: 'A', jurisdiction: 'US', kind: 'agency', ...source }] }).at(-1)!.entries[0];
    expect(of({ tier: 'T1', path: '/drugs' })).toEqual({ title: 'A', text: 'a.example/drugs · T1 · US' });
    expect(of({ note: 'Read the label.' })).toEqual({ title: 'A', text: 'a.example · tier by page or record · US\nRead the label.' });
  });
});
