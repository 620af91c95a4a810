import { codePoints } from './code-points';

/** Something to be seen on the text: a span, a claim, the keyboard's cursor. */
export interface Mark {
  id: string;
  start: number;
  end: number;
  kind: string;
  label: string;
}

export interface Segment {
  s: number;
  e: number;
  text: string;
  marks: Mark[];
  /** Marks that end with this segment: here their labels go. */
  closing: Mark[];
}

interface Run {
  s: number;
  e: number;
  text: string;
  snap: boolean;
}

/** Cuts a run of text wherever a mark begins or ends, outermost (longest) mark first in each piece. */
export function paint(run: Run, marks: Mark[]): Segment[] {
  const touching = marks.filter(mark => mark.start < run.e && mark.end > run.s).sort(outermostFirst);
  if (run.snap || touching.length === 0) return [segment(run, run.s, run.e, run.text, touching)];
  const cuts = new Set([run.s, run.e]);
  for (const mark of touching) {
    cuts.add(Math.max(mark.start, run.s));
    cuts.add(Math.min(mark.end, run.e));
  }
  const edges = [...cuts].sort((a, b) => a - b);
  const points = codePoints(run.text);
  return edges.slice(0, -1).map((from, index) => {
    const to = edges[index + 1] ?? run.e;
    return segment(run, from, to, points.slice(from - run.s, to - run.s), touching);
  });
}

function segment(run: Run, s: number, e: number, text: string, touching: Mark[]): Segment {
  const marks = touching.filter(mark => mark.start < e && mark.end > s);
  return { s, e, text, marks, closing: marks.filter(mark => (run.snap ? mark.end <= e : mark.end === e)) };
}

function outermostFirst(a: Mark, b: Mark): number {
  return a.start - b.start || b.end - a.end || a.id.localeCompare(b.id);
}
