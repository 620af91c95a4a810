import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { missing } from '../../logic/completeness';
import { responseOfField } from '../../logic/field-id';
import type { Mark } from '../../logic/paint';
import type { TaskSession } from '../../task/session';
import { closing, grid } from './judge-pane';
import { flashMark, focusField, focusList, focusNextQuestion, focusPanel, questionInFocus } from './locate';
import { Sides } from './sides';

/** A stretch of a response that is looked at just now. */
export type Spot = Pick<Mark, 'start' | 'end' | 'kind'> & { response: string };

/** Where in the task one is: which part of the form, which response, which side, and the ways from one to the other. */
export class Whereabouts implements ReactiveController {
  /** The part of the form that is shown. */
  part = 'A';
  /** The response that is shown. */
  active = 'A';
  /** The response that the claim pass walks through. */
  pass: string | null = null;
  unit: Spot | null = null;
  readonly sides: Sides;
  /** How far each response was read. */
  private readonly read = new Map<string, number>();

  constructor(private readonly host: ReactiveControllerHost & HTMLElement, private readonly session: () => TaskSession) {
    host.addController(this);
    this.sides = new Sides(host);
  }

  hostUpdate(): void {}

  reset(first: string): void {
    this.part = this.active = first;
    this.pass = this.unit = null;
    this.sides.reset();
    this.read.clear();
  }

  turn(by: number): void {
    const { keys } = this.session();
    const parts = keys.length > 1 ? [...keys, closing] : keys;
    this.open(parts[parts.indexOf(this.part) + by] ?? this.part);
  }

  /** Form and text go together: judging a response shows it. */
  open(part: string): void {
    this.part = part;
    if (part !== closing && part !== grid) this.look(part);
    this.host.requestUpdate();
  }

  /** Brings a response in view, at the place where it was left. In the grid it is the one that is being rated. */
  look(response: string | undefined): void {
    if (!response || response === this.active) return;
    const pane = this.host.querySelector<HTMLElement>('.pane.read');
    const oneAtATime = pane?.querySelector('.columns') === null;
    if (pane && oneAtATime) this.read.set(this.active, pane.scrollTop);
    this.active = response;
    this.host.requestUpdate();
    const left = this.read.get(response);
    if (pane && oneAtATime && left !== undefined) this.then(() => (pane.scrollTop = left));
  }

  setUnit(unit: Spot | null): void {
    this.unit = unit;
    this.host.requestUpdate();
  }

  toText(): void {
    this.sides.show('read');
    this.then(() => this.host.querySelector<HTMLElement>(`#answer-${this.active}`)?.focus());
  }

  toFirstOpen(): void {
    const all = this.missing();
    const open = all.find(entry => entry.response === this.active) ?? all[0];
    if (open?.field === 'judgement.claims') return this.claimPass(open.response);
    this.toField(open?.field ?? 'judgement.confidence');
  }

  /** A digit without a question in focus goes to the next open one of the part in view, and is that question's own from there. */
  answerFirstOpen(digit: number): void {
    if (questionInFocus()) return;
    const asked = this.missing().filter(entry => /\.(ratings|harm|preference|confidence)\b/.test(entry.field));
    const inView = (response: string | null) =>
      this.part === closing ? response === null : this.part === grid || response === this.active || (response === null && this.session().keys.length === 1);
    const open = asked.find(entry => inView(entry.response));
    if (open) this.toField(open.field, control => control.dispatchEvent(new KeyboardEvent('keydown', { key: String(digit), bubbles: true, cancelable: true })));
  }

  /** After the last question of a part: the first open one of the next. */
  answered(from: HTMLElement): void {
    this.then(() => {
      if (focusNextQuestion(this.host, from) || this.session().keys.length === 1 || this.part === closing) return;
      if (this.part !== grid) this.turn(1);
      this.then(() => this.toFirstOpen());
    });
  }

  /** The first checklist that has a row without an answer, in the order in which they stand. */
  toChecklist(): void {
    this.open(this.active);
    this.sides.show('judge');
    this.then(() => focusList(this.host, this.active));
  }

  claimPass(response: string | null): void {
    const before = this.pass;
    if (response) this.open(response);
    this.pass = response;
    this.unit = null;
    this.sides.show('judge');
    this.host.requestUpdate();
    if (!response && before) this.then(() => this.host.querySelector<HTMLElement>(`#claim-pass-${before}`)?.focus());
  }

  /** Brings a field on screen wherever it is (part, side, closed section) and puts the focus into it. */
  toField(path: string, then?: (control: HTMLElement) => void): void {
    const session = this.session();
    const response = responseOfField(path, session.judgement as unknown as Record<string, { response: string }[]>);
    const once = /^judgement\.(preference|confidence|overall|flags|refinedPrompt|idealResponse)/.test(path);
    const inGrid = this.part === grid && /^judgement\.ratings\[\d+\]\.(?!rationale|confidence|overall)/.test(path);
    if (!inGrid) this.open(response ?? (once && session.keys.length > 1 ? closing : this.part === grid ? this.active : this.part));
    this.sides.show('judge');
    this.then(() => focusField(this.host, path, then));
  }

  jump(mark: string): void {
    this.sides.show('read');
    this.then(() => flashMark(this.host, mark));
  }

  toPanel(): void {
    this.sides.show('judge');
    this.then(() => focusPanel(this.host));
  }

  private missing() {
    const { judgement, guideline, given } = this.session();
    return missing(judgement, guideline, given);
  }

  private then(run: () => void): void {
    void this.host.updateComplete.then(run);
  }
}
