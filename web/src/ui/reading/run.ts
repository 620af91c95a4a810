import { html, nothing, type TemplateResult } from 'lit';
import { countCodePoints } from '../../logic/code-points';
import { revealHidden } from '../../logic/hidden';
import type { Leaf } from '../../logic/leaves';
import { paint, type Mark, type Segment } from '../../logic/paint';
import type { Drawing } from './nodes';

/** A run of text with its marks. Labels are drawn by the style sheet, so that they are never part of a selection. */
export function run(leaf: Leaf, drawing: Drawing): TemplateResult {
  return html`${paint(leaf, drawing.marks).map(segment => wrapped(segment, leaf.snap, drawing.reveal))}`;
}

function wrapped(segment: Segment, snap: boolean, reveal: boolean): TemplateResult {
  const text = reveal && !snap ? revealed(segment) : html`<span data-s=${segment.s} data-e=${snap ? segment.e : nothing}>${segment.text}</span>`;
  return segment.marks.reduceRight((inner, mark, depth) => marked(inner, mark, depth, segment.closing.includes(mark)), text);
}

function marked(inner: TemplateResult, mark: Mark, depth: number, closes: boolean): TemplateResult {
  return html`<mark class="m m-${mark.kind} d${Math.min(depth, 2)}" data-mark=${mark.id} data-label=${closes && mark.label ? mark.label : nothing}>${inner}</mark>`;
}

function revealed(segment: Segment): TemplateResult {
  let at = segment.s;
  return html`${revealHidden(segment.text).map(piece => {
    const from = at;
    at += countCodePoints(piece.text);
    return piece.name === null
      ? html`<span data-s=${from}>${piece.text}</span>`
      : html`<span class="hidden-char" data-s=${from} data-e=${at} data-name=${piece.name} title="Character without a shape: ${piece.name}">${piece.text}</span>`;
  })}`;
}
