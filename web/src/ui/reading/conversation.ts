import { html, nothing, type TemplateResult } from 'lit';
import type { EvalTask } from '../../api/tasks';
import { codePoints } from '../../logic/code-points';
import { languageName, placeName } from '../../logic/names';
import { badge } from '../pieces';
import { nodes } from './nodes';

const roleNames: Record<string, string> = { user: 'Person', assistant: 'AI, earlier turn', system: 'System rules', developer: 'System rules', tool: 'Tool result' };
const subdomains: Record<string, string> = { general: 'General clinical care', specialty: 'Specialty', diagnostics: 'Diagnostics', public_health: 'Public health' };
const audiences: Record<string, string> = { lay: 'Lay reader', clinician: 'Clinician reader' };

/** Who asks, where, and what has been said before the answers. */
export function conversation(task: Pick<EvalTask, 'item'>, reveal: boolean): TemplateResult {
  const { item } = task;
  return html`<section class="conversation" aria-labelledby="conversation-title">
    <h2 id="conversation-title">Conversation</h2>
    <p class="row context">
      ${item.subdomain ? badge(subdomains[item.subdomain] ?? item.subdomain) : nothing}
      ${item.audience && item.audience !== 'unknown' ? badge(audiences[item.audience] ?? item.audience) : nothing}
      ${item.jurisdiction && item.jurisdiction !== 'unspecified' ? badge(placeName(item.jurisdiction)) : nothing}
      ${item.language && item.language !== 'en' ? badge(languageName(item.language)) : nothing}
      ${item.riskTier === 'emergency' ? badge('Emergency', 'bad', 'warn') : item.riskTier === 'elevated' ? badge('Elevated risk', 'warn', 'warn') : nothing}
    </p>
    ${item.prompt.map((turn, index) => html`<article class="turn turn-${turn.role}" aria-label="${roleNames[turn.role] ?? turn.role}, turn ${index + 1}">
      <p class="who">${roleNames[turn.role] ?? turn.role}</p>
      <div class="prose" lang=${item.language ?? nothing}>${turn.content.trim() === '' ? html`<p class="blank">(empty)</p>` : nodes(turn.view, { source: codePoints(turn.content), marks: [], reveal })}</div>
    </article>`)}
  </section>`;
}
