import { html, svg, type TemplateResult } from 'lit';

const paths = {
  check: 'M4 12.5l5 5L20 6.5',
  cross: 'M6 6l12 12M18 6L6 18',
  warn: 'M12 4L2.5 20h19L12 4zM12 10v4.5M12 17.2v.3',
  info: 'M12 3a9 9 0 100 18 9 9 0 000-18zM12 11v5.5M12 7.6v.3',
  undo: 'M8 5L4 9l4 4M4 9h10a5 5 0 010 10h-3',
  redo: 'M16 5l4 4-4 4M20 9H10a5 5 0 000 10h3',
  book: 'M4 5.5C7 4 10 4 12 5.5 14 4 17 4 20 5.5V19c-3-1.3-6-1.3-8 0-2-1.3-5-1.3-8 0V5.5zM12 5.5V19',
  help: 'M12 3a9 9 0 100 18 9 9 0 000-18zM9.4 9.5a2.7 2.7 0 115 1.3c-.8 1-2.4 1.5-2.4 3M12 16.8v.3',
  sun: 'M12 8a4 4 0 100 8 4 4 0 000-8zM12 2v2.5M12 19.5V22M2 12h2.5M19.5 12H22M5 5l1.7 1.7M17.3 17.3L19 19M19 5l-1.7 1.7M6.7 17.3L5 19',
  moon: 'M20 14.5A8.5 8.5 0 019.5 4 8.5 8.5 0 1020 14.5z',
  auto: 'M12 3a9 9 0 100 18 9 9 0 000-18zM12 3v18M12 7h6M12 11h8.5M12 15h8',
  out: 'M10 4H5v16h5M15 8l4 4-4 4M19 12H9',
  pen: 'M4 20l1-4L16.5 4.5l3 3L8 19l-4 1zM14 7l3 3',
  trash: 'M4 7h16M9 7V4h6v3M6.5 7l1 13h9l1-13M10 11v5.5M14 11v5.5',
  target: 'M12 3v4M12 17v4M3 12h4M17 12h4M12 8.5a3.5 3.5 0 100 7 3.5 3.5 0 000-7z',
  plus: 'M12 5v14M5 12h14',
  cloud: 'M7 18a4.5 4.5 0 01-.5-9A6 6 0 0118 10.2 4 4 0 0117.5 18H7z',
  offline: 'M7 18a4.5 4.5 0 01-.5-9A6 6 0 0118 10.2 4 4 0 0117.5 18H7zM4 4l16 17',
  clock: 'M12 3a9 9 0 100 18 9 9 0 000-18zM12 7.5V12l3 2',
  arrow: 'M5 12h14M13 6l6 6-6 6',
  file: 'M6 3h8l4 4v14H6V3zM14 3v4h4M9 13h6M9 16.5h6',
  eye: 'M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12zM12 9.3a2.7 2.7 0 100 5.4 2.7 2.7 0 000-5.4z',
  columns: 'M4 5h16v14H4V5zM12 5v14',
  chevron: 'M8 5l7 7-7 7',
  flag: 'M5 21V4M5 5c4-2 7 2 14 0v9c-7 2-10-2-14 0',
  copy: 'M9 9h11v11H9V9zM15 9V4H4v11h5',
  down: 'M12 4v11M7 11l5 5 5-5M5 20h14',
} as const;

export type IconName = keyof typeof paths;

/** A line drawing for the eye only; the words beside it carry the meaning. */
export function icon(name: IconName): TemplateResult {
  return html`<svg class="icon-svg" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.9" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">${svg`<path d=${paths[name]}></path>`}</svg>`;
}

export const mark = html`<svg viewBox="4 5 25 23" aria-hidden="true" fill="currentColor"><rect x="5.5" y="15" width="2.6" height="7" rx="1.3" opacity=".45"></rect><rect x="10.5" y="13" width="2.6" height="9" rx="1.3" opacity=".45"></rect><rect x="15.5" y="11" width="2.6" height="11" rx="1.3" opacity=".45"></rect><rect x="20.5" y="6" width="2.6" height="16" rx="1.3"></rect><rect x="25.5" y="13" width="2.6" height="9" rx="1.3" opacity=".45"></rect><rect x="5" y="25" width="23" height="2" rx="1"></rect></svg>`;
