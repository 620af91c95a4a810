import { html, svg, type TemplateResult } from 'lit';
import type { Receipt } from '../../api/projects';
import { number } from '../../lead/words';

/** Accepted, already here and rejected as one bar, and in words below it. */
export function shares({ accepted, duplicate, rejected }: Receipt): TemplateResult {
  const parts = [
    { name: 'accepted', n: accepted, kind: 'good' },
    { name: 'already here', n: duplicate, kind: 'info' },
    { name: 'rejected', n: rejected, kind: 'bad' },
  ];
  const total = Math.max(accepted + duplicate + rejected, 1);
  let from = 0;
  const bars = parts.map(({ n, kind }) => {
    const bar = svg`<rect class=${kind} x="${from}%" y="0" width="${(n / total) * 100}%" height="100%"></rect>`;
    from += (n / total) * 100;
    return bar;
  });
  return html`<div class="shares">
    <svg aria-hidden="true">${bars}</svg>
    <ul>${parts.filter(({ n }) => n > 0).map(({ name, n, kind }) => html`<li class=${kind}><svg aria-hidden="true"><rect class=${kind} width="100%" height="100%"></rect></svg>${number(n)} ${name}</li>`)}</ul>
  </div>`;
}
