import { isTransient, sayError } from '../api/problem';
import type { Lease } from '../api/tasks';

export type LeaseStatus = { kind: 'held'; until: string } | { kind: 'unsure'; until: string } | { kind: 'lost'; detail: string };

export interface HeartbeatPorts {
  renew: () => Promise<{ expiresAt: string }>;
  later: (milliseconds: number, run: () => void) => () => void;
  changed: (status: LeaseStatus) => void;
}

/** Keeps a task reserved while it is open, and says so when it no longer is. */
export class Heartbeat {
  status: LeaseStatus;
  private callOff = () => {};
  private stopped = false;

  constructor(private readonly ports: HeartbeatPorts, lease: Lease) {
    this.status = { kind: 'held', until: lease.expiresAt };
    this.every = Math.max(5, lease.renewEverySeconds || 60) * 1000;
    this.wait(this.every);
  }

  private readonly every: number;

  /** Also called when a sleeping machine wakes. True when the task is ours (again). */
  async beat(): Promise<boolean> {
    this.callOff();
    try {
      const answer = await this.ports.renew();
      this.say({ kind: 'held', until: answer.expiresAt });
    } catch (error) {
      this.missed(error);
    }
    this.wait(this.status.kind === 'held' ? this.every : Math.min(this.every, 15_000));
    return this.status.kind === 'held';
  }

  stop(): void {
    this.stopped = true;
    this.callOff();
  }

  private missed(error: unknown): void {
    const until = this.status.kind === 'lost' ? '' : this.status.until;
    if (!isTransient(error)) this.say({ kind: 'lost', detail: sayError(error) });
    else if (this.status.kind !== 'lost') this.say({ kind: 'unsure', until });
  }

  private wait(milliseconds: number): void {
    this.callOff();
    if (this.stopped || this.status.kind === 'lost') return;
    this.callOff = this.ports.later(milliseconds, () => void this.beat());
  }

  private say(status: LeaseStatus): void {
    if (this.stopped) return;
    this.status = status;
    this.ports.changed(status);
  }
}
