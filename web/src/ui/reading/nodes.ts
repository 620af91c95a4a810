import { html, nothing, type TemplateResult } from 'lit';
import type { CodePoints } from '../../logic/code-points';
import { directionOf } from '../../logic/direction';
import { isLeaf, leafOf, shownText } from '../../logic/leaves';
import type { ViewNode } from '../../logic/nodes';
import type { Mark } from '../../logic/paint';
import { run } from './run';

export interface Drawing {
  source: CodePoints;
  marks: Mark[];
  reveal: boolean;
}

type Drawn = TemplateResult | typeof nothing | (TemplateResult | typeof nothing)[];

/** Draws Markdown as elements and text nodes. There is no way from a response's text to markup. */
export function nodes(list: ViewNode[] | undefined, drawing: Drawing): Drawn {
  return (list ?? []).map(node => one(node, drawing));
}

function one(node: ViewNode, drawing: Drawing): TemplateResult | typeof nothing {
  const inner = () => (isLeaf(node) ? run(leafOf(node, drawing.source, 0), drawing) : nodes(node.c, drawing));
  switch (node.k) {
    case 'p': return html`<p dir="auto">${inner()}</p>`;
    case 'h1': case 'h2': case 'h3': case 'h4': case 'h5': case 'h6':
      return html`<p class="md-h md-${node.k}" role="heading" aria-level="3" dir="auto">${inner()}</p>`;
    case 'ul': return html`<ul dir=${directionOf(textOf(node, drawing))}>${inner()}</ul>`;
    case 'ol': return html`<ol dir=${directionOf(textOf(node, drawing))} start=${node.start ?? nothing}>${inner()}</ol>`;
    case 'li': return html`<li dir="auto">${node.checked === undefined ? nothing : box(node.checked)}${inner()}</li>`;
    case 'task': return box(node.checked ?? false);
    case 'quote': return html`<blockquote dir="auto">${inner()}</blockquote>`;
    case 'pre': return html`<pre tabindex="0" role="region" aria-label=${node.lang ? `Code, ${node.lang}` : 'Code'} dir="ltr">${inner()}</pre>`;
    case 'code': return html`<code dir="auto">${inner()}</code>`;
    case 'em': return html`<em>${inner()}</em>`;
    case 'strong': return html`<strong>${inner()}</strong>`;
    case 'del': return html`<s>${inner()}</s>`;
    case 'a': return link(node, inner());
    case 'img': return html`<span class="md-img">[Image: ${inner()}${node.href ? html` <span class="md-url">${node.href}</span>` : nothing}]</span>`;
    case 'br': return html`<br />`;
    case 'hr': return html`<hr />`;
    case 'table': return html`<div class="md-table" tabindex="0" role="region" aria-label="Table" dir=${directionOf(textOf(node, drawing))}><table>${inner()}</table></div>`;
    case 'tr': return html`<tr>${inner()}</tr>`;
    case 'th': return html`<th scope="col" dir="auto" class=${align(node)}>${inner()}</th>`;
    case 'td': return html`<td dir="auto" class=${align(node)}>${inner()}</td>`;
    default: return html`${inner()}`;
  }
}

function textOf(node: ViewNode, drawing: Drawing): string {
  return isLeaf(node) ? shownText(node, drawing.source) : (node.c ?? []).map(child => textOf(child, drawing)).join(' ');
}

/** The address is shown, so that nobody has to trust the words of a link. */
function link(node: ViewNode, inner: Drawn): TemplateResult {
  const safe = /^(https?:|mailto:)/i.test(node.href ?? '');
  if (!safe) return html`${inner}`;
  return html`<a href=${node.href ?? ''} target="_blank" rel="noopener noreferrer">${inner}</a><bdi class="md-url" data-url=${` ${shortened(node.href ?? '')}`} title=${node.href ?? ''}></bdi>`;
}

function shortened(href: string): string {
  return href.length > 70 ? `${href.slice(0, 69)}…` : href;
}

function box(checked: boolean): TemplateResult {
  return html`<span class="md-box" role="img" aria-label=${checked ? 'Ticked' : 'Not ticked'} data-box=${checked ? '☑ ' : '☐ '}></span>`;
}

function align(node: ViewNode): string {
  return node.align ? `md-${node.align}` : '';
}
