import { countCodePoints, type CodePoints } from './code-points';
import type { ViewNode } from './nodes';

/** A run of shown text and where it stands in the stored text. */
export interface Leaf {
  s: number;
  e: number;
  text: string;
  /** The shown text is not the stored text, so that only the whole run can be marked. */
  snap: boolean;
  /** Runs of one paragraph, heading, list item or cell share a number. */
  block: number;
}

const leafKinds = new Set(['text', 'code', 'pre']);
const blockKinds = new Set(['p', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'li', 'td', 'th', 'quote', 'pre']);

export function shownText(node: ViewNode, source: CodePoints): string {
  return node.v ?? source.slice(node.s, node.e);
}

export function isLeaf(node: ViewNode): boolean {
  return leafKinds.has(node.k) && !node.c?.length;
}

/** Code shown without its fences still stands in the stored text as it is, the last time before the closing fence. */
export function leafOf(node: ViewNode, source: CodePoints, block: number): Leaf {
  const text = shownText(node, source);
  const stored = source.slice(node.s, node.e);
  const inside = stored.lastIndexOf(text);
  if (inside < 0) return { s: node.s, e: node.e, text, snap: true, block };
  const s = node.s + countCodePoints(stored.slice(0, inside));
  return { s, e: s + countCodePoints(text), text, snap: false, block };
}

export function leavesOf(nodes: ViewNode[], source: CodePoints): Leaf[] {
  const leaves: Leaf[] = [];
  let block = 0;
  const walk = (list: ViewNode[]) => {
    for (const node of list) {
      if (blockKinds.has(node.k)) block++;
      if (isLeaf(node)) leaves.push(leafOf(node, source, block));
      else if (node.c) walk(node.c);
      if (blockKinds.has(node.k)) block++;
    }
  };
  walk(nodes);
  return leaves.filter(leaf => leaf.text !== '');
}
