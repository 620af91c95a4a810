/** A piece of Markdown with its place in the stored text: code points, half-open. Made by the server, drawn as text nodes. */
export interface ViewNode {
  k: string;
  s: number;
  e: number;
  c?: ViewNode[];
  /** The shown text, present only where it differs from the stored text (escapes, entities). */
  v?: string;
  href?: string;
  start?: number;
  align?: string;
  lang?: string;
  checked?: boolean;
}
