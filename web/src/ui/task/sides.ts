import type { ReactiveController, ReactiveControllerHost } from 'lit';

export type Side = 'read' | 'judge';

/** On a phone one side is shown at a time, and each keeps its place. */
export class Sides implements ReactiveController {
  side: Side = 'read';
  private places: Record<Side, number> = { read: 0, judge: 0 };

  constructor(private readonly host: ReactiveControllerHost) {
    host.addController(this);
  }

  hostUpdate(): void {}

  show(side: Side): void {
    if (side === this.side) return;
    this.places[this.side] = scrollY;
    this.side = side;
    this.host.requestUpdate();
    void this.host.updateComplete.then(() => scrollTo(0, this.places[side]));
  }

  reset(): void {
    this.side = 'read';
    this.places = { read: 0, judge: 0 };
    this.host.requestUpdate();
  }
}
