import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { Problem, sayError } from '../../api/problem';
import type { GateNotice } from '../../api/tasks';
import { missing, type Missing } from '../../logic/completeness';
import { gateNotices } from '../../logic/gates';
import type { TaskSession } from '../../task/session';

/** What is needed of a task, or of a correction, to hand it in. */
type Submittable = Pick<TaskSession, 'judgement' | 'guideline' | 'given' | 'leaveElsewhere'> & { submit: (acknowledged: string[], reasons: Record<string, string>) => Promise<'on record' | 'waiting'> };

/** The way from "Hand in" to the record: what is missing, what contradicts itself, what the server says. */
export class Submission implements ReactiveController {
  /** From the first try on, what is missing is shown at its place. */
  asked = false;
  acknowledged: string[] = [];
  /** Why a gate is stood by, where it wants a reason. */
  reasons: Record<string, string> = {};
  error = '';
  busy = false;
  private serverGates: GateNotice[] = [];
  private serverErrors: Record<string, string[]> = {};

  constructor(private readonly host: ReactiveControllerHost) {
    host.addController(this);
  }

  hostUpdate(): void {}

  reset(): void {
    this.asked = false;
    this.acknowledged = [];
    this.reasons = {};
    this.error = '';
    this.busy = false;
    this.serverGates = [];
    this.serverErrors = {};
  }

  missing(session: Submittable): Missing[] {
    return missing(session.judgement, session.guideline, session.given);
  }

  /** Contradictions seen here, and those that only the server sees. */
  gates(session: Submittable): GateNotice[] {
    const mine = gateNotices(session.judgement, session.guideline);
    return [...mine, ...this.serverGates.filter(gate => !mine.some(own => own.gate === gate.gate))];
  }

  errors(session: Submittable): Record<string, string[]> {
    const open = this.asked ? Object.fromEntries(this.missing(session).map(entry => [entry.field, ['Needed.']])) : {};
    return { ...this.serverErrors, ...open };
  }

  /** What only the server found, as links like everything else that is missing. */
  faults(): Missing[] {
    return Object.entries(this.serverErrors).flatMap(([field, messages]) => messages.map(label => ({ field, response: null, label })));
  }

  acknowledge(gate: string, yes: boolean): void {
    this.acknowledged = yes ? [...this.acknowledged, gate] : this.acknowledged.filter(other => other !== gate);
    this.host.requestUpdate();
  }

  explain(gate: string, reason: string): void {
    this.reasons = { ...this.reasons, [gate]: reason };
    this.host.requestUpdate();
  }

  private confirmed(gate: GateNotice): boolean {
    return this.acknowledged.includes(gate.gate) && (!gate.needsReason || Boolean(this.reasons[gate.gate]?.trim()));
  }

  private reasonsFor(gates: string[]): Record<string, string> {
    return Object.fromEntries(Object.entries(this.reasons).filter(([gate, reason]) => gates.includes(gate) && reason.trim() !== ''));
  }

  /** Whether the judgement is on record, waits in the outbox of this device, or must be looked at again. */
  async run(session: Submittable): Promise<'on record' | 'waiting' | 'open'> {
    if (this.busy) return 'open';
    this.asked = true;
    this.error = '';
    this.serverErrors = {};
    const asked = this.gates(session);
    const gates = asked.map(gate => gate.gate);
    if (this.missing(session).length > 0 || asked.some(gate => !this.confirmed(gate))) return this.draw('open');
    this.busy = true;
    this.host.requestUpdate();
    try {
      return this.draw(await session.submit(gates, this.reasonsFor(gates)));
    } catch (error) {
      this.refused(error, session);
      return this.draw('open');
    }
  }

  private refused(error: unknown, session: Submittable): void {
    this.error = sayError(error);
    if (!(error instanceof Problem)) return;
    this.serverErrors = error.code === 'gates' ? {} : error.errors;
    this.serverGates = (error.extra['gates'] as GateNotice[] | undefined) ?? [];
    if (error.code === 'gates' && this.serverGates.length > 0) this.error = '';
    if (error.code === 'incomplete') this.error = 'Something is not right yet; each line leads to its place.';
    if (error.code !== 'annotation_differs') return;
    this.error = 'This task was handed in from another tab, perhaps with other answers. That record stands; go on with the next task.';
    session.leaveElsewhere();
  }

  private draw<T>(outcome: T): T {
    this.busy = false;
    this.host.requestUpdate();
    return outcome;
  }
}
