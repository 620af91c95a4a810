import type { ReactiveController, ReactiveControllerHost } from 'lit';

export interface Heard {
  key: (event: KeyboardEvent) => void;
  /** Any sign that somebody is at work. */
  sign: () => void;
  online: () => void;
  hidden: () => void;
  shown: () => void;
  otherTab: (event: StorageEvent) => void;
  /** True when going now would lose something. */
  leaving: () => boolean;
}

const signs = ['pointerdown', 'keydown', 'wheel', 'touchmove'] as const;

/** What the task page hears from the window while it is on screen. */
export class Listening implements ReactiveController {
  private readonly visibility = () => (document.hidden ? this.heard.hidden() : this.heard.shown());

  private readonly unload = (event: Event) => {
    if (this.heard.leaving()) event.preventDefault();
  };

  constructor(host: ReactiveControllerHost, private readonly heard: Heard) {
    host.addController(this);
  }

  hostConnected(): void {
    addEventListener('keydown', this.heard.key);
    addEventListener('online', this.heard.online);
    addEventListener('beforeunload', this.unload);
    addEventListener('storage', this.heard.otherTab);
    document.addEventListener('visibilitychange', this.visibility);
    for (const name of signs) addEventListener(name, this.heard.sign, { passive: true });
  }

  hostDisconnected(): void {
    removeEventListener('keydown', this.heard.key);
    removeEventListener('online', this.heard.online);
    removeEventListener('beforeunload', this.unload);
    removeEventListener('storage', this.heard.otherTab);
    document.removeEventListener('visibilitychange', this.visibility);
    for (const name of signs) removeEventListener(name, this.heard.sign);
  }
}
