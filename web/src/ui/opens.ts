import { noChange, type ElementPart } from 'lit';
import { Directive, directive } from 'lit/directive.js';

/** Opens a `<details>` when something in it wants to be seen. Closing it again is up to the person: it never closes over what one is writing in. */
class Opens extends Directive {
  private was = false;
  private of = '';

  /** @param of What it is about: something else begins as it should. */
  override render(_wanted: boolean, _of = ''): unknown {
    return noChange;
  }

  override update(part: ElementPart, [wanted, of = '']: [boolean, string?]): unknown {
    const box = part.element as HTMLDetailsElement;
    if (of !== this.of) box.open = wanted;
    else if (wanted && !this.was) box.open = true;
    [this.was, this.of] = [wanted, of];
    return noChange;
  }
}

export const opens = directive(Opens);
