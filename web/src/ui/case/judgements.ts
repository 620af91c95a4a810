import { html, nothing, type TemplateResult } from 'lit';
import type { Case } from '../../api/adjudications';
import { verdictSigns } from '../../logic/claims';
import { nameOf, type Guideline } from '../../logic/guideline';
import type { Claim, DimensionKey, Evidence, Judgement } from '../../logic/judgement';
import { placeOf } from '../../logic/ranking';

type Said = Case['judgements'][number]['judgement'];

const none = '–';
const of = <T extends { response: string }>(list: T[] | undefined, response: string): T[] => (list ?? []).filter(entry => entry.response === response);

/** Every judgement of a response in a column of its own, with all that it rests on. */
export function judgementsOf(open: Case, guideline: Guideline, response: string): TemplateResult {
  const row = (name: string, cell: (said: Said) => TemplateResult | string, wanted = true) =>
    wanted ? html`<tr><th scope="row">${name}</th>${open.judgements.map(entry => html`<td>${cell(entry.judgement)}</td>`)}</tr>` : nothing;
  const any = (has: (said: Said) => boolean) => open.judgements.some(entry => has(entry.judgement));
  return html`<div class="verdict table-wrap" tabindex="0" role="region" aria-label="Judgements of response ${response}"><table>
    <thead><tr><th scope="col">Response ${response}</th>${open.judgements.map(entry => html`<th scope="col">Judgement ${entry.number}</th>`)}</tr></thead>
    <tbody>
      ${guideline.dimensions.map(({ key, name }) => row(name, said => score(said, guideline, response, key)))}
      ${row('Rationale', said => of(said.ratings, response)[0]?.rationale ?? none)}
      ${row('Harm', said => harm(said, guideline, response))}
      ${row('Confidence', said => nameOfLevel(guideline, of(said.ratings, response)[0]?.confidence ?? said.confidence))}
      ${row('Claims', said => html`${of(said.claims, response).map(claim => oneClaim(claim, guideline))}`)}
      ${row('Marks', said => html`${of(said.spans, response).map(span => html`<p><b>${span.code}</b>${span.severity ? ` ${nameOf(guideline.severities, span.severity)}` : ''} ${span.start === null ? 'missing: ' : ''}<q dir="auto">${span.quote ?? span.missingText}</q> ${span.comment ?? ''}
        ${span.suggestion ? html`<br /><span class="quiet">Better: ${span.suggestion}</span>` : nothing}</p>`)}`)}
      ${row('Checklist', said => checklist(said, response), any(said => of(said.behaviour, response).length > 0))}
      ${row('Customer rules', said => html`${of(said.rules, response).map(check => html`<p>${check.rule} ${check.answer}${check.comment ? `: ${check.comment}` : ''}</p>`)}`, any(said => of(said.rules, response).length > 0))}
      ${row('Rubric', said => html`${of(said.rubric, response).map(check => html`<p>${check.criterion} ${check.met === null ? 'N/A' : check.met ? 'met' : 'not met'}</p>`)}`, any(said => of(said.rubric, response).length > 0))}
      ${row('Place among the answers', said => place(said, response), open.item.responses.length > 1)}
      ${row('Flags', said => html`${said.flags.map(flag => html`<p>${nameOf(guideline.flags, flag)}${said.flagNotes?.[flag] ? `: ${said.flagNotes[flag]}` : ''}</p>`)}`, any(said => said.flags.length > 0))}
      ${row('Equity', said => html`${of(said.equity, response).map(entry => html`<p>${entry.answer}${entry.groups.length ? `: ${entry.groups.join(', ')}` : ''} ${entry.comment ?? ''}</p>`)}`, any(said => of(said.equity, response).length > 0))}
    </tbody></table></div>`;
}

/** What is not as it should be; where all is, that. */
function checklist(said: Said, response: string): TemplateResult | string {
  const answers = of(said.behaviour, response);
  const wrong = answers.filter(check => check.answer !== 'yes');
  if (wrong.length === 0) return answers.length ? 'all yes' : none;
  return html`${wrong.map(check => html`<p>${check.check} ${check.answer}${check.comment ? `: ${check.comment}` : ''}</p>`)}`;
}

/** With what the level means, so that nobody has to look it up. */
function score(said: Said, guideline: Guideline, response: string, key: string): TemplateResult | string {
  const given = of(said.ratings, response)[0]?.[key as DimensionKey];
  if (given === null || given === undefined) return none;
  const anchor = guideline.dimensions.find(dimension => dimension.key === key)?.anchors[String(given)];
  return html`<b>${given}</b>${anchor ? html` <span class="quiet">${anchor}</span>` : nothing}`;
}

function harm(said: Said, guideline: Guideline, response: string): string {
  const given = of(said.harm, response)[0];
  if (!given?.extent) return none;
  const parts = [nameOf(guideline.harm.extent, given.extent), given.likelihood && `likelihood ${nameOf(guideline.harm.likelihood, given.likelihood).toLowerCase()}`, given.mechanism && nameOf(guideline.harm.mechanism, given.mechanism).toLowerCase()];
  return parts.filter(Boolean).join(', ');
}

function nameOfLevel(guideline: Guideline, level: number | null | undefined): string {
  return level ? (guideline.confidence.find(entry => entry.level === level)?.name ?? String(level)) : none;
}

function oneClaim(claim: Claim, guideline: Guideline): TemplateResult {
  return html`<div class="case-claim"><p><span class="chip verdict-${claim.verdict ?? 'none'}">${verdictSigns[claim.verdict ?? ''] ?? '·'}</span> <q dir="auto">${claim.quote}</q> <b>${nameOf(guideline.verdicts, claim.verdict) || 'no verdict'}</b>${claim.critical ? html` <span class="badge bad">critical</span>` : nothing}</p>
    ${claim.correction ? html`<p>Correction: ${claim.correction}</p>` : nothing}
    ${(claim.evidence ?? []).length === 0 ? nothing : html`<ul>${claim.evidence.map(source)}</ul>`}</div>`;
}

function source(evidence: Evidence): TemplateResult {
  return html`<li>${evidence.tier ?? ''} <a href=${evidence.url} target="_blank" rel="noopener noreferrer">${evidence.title ?? evidence.publisher ?? evidence.url}</a> ${evidence.stance ?? ''}${evidence.excerpt ? html`: <q dir="auto">${evidence.excerpt}</q>` : nothing}</li>`;
}

function place(said: Judgement, response: string): string {
  const { preference } = said;
  if (!preference) return none;
  const at = placeOf(preference, response);
  if (at !== null) return `${at}${preference.bothBad ? ', and none will do' : ''}`;
  return preference.winner === response ? 'preferred' : (preference.winner?.replace('_', ' ') ?? none);
}
