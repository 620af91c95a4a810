import { html, type TemplateResult } from 'lit';
import type { Me, Role } from './api/people';
import type { Params } from './router';

export interface Route {
  path: string;
  title: string;
  /** Who may open it; everybody signed in when absent. */
  roles?: Role[];
  /** It owns every address below its own; what follows arrives as `rest`. */
  below?: boolean;
  /** The words in the navigation; absent means no entry. */
  nav?: string;
  /** Full width, no page margins. */
  wide?: boolean;
  load: () => Promise<unknown>;
  view: (params: Params, me: Me) => TemplateResult;
}

const running: Role[] = ['lead', 'admin'];
const watching: Role[] = ['lead', 'admin', 'customer'];
const writing: Role[] = ['annotator', 'adjudicator', 'lead', 'admin'];
const judging: Role[] = ['annotator'];
const settling: Role[] = ['adjudicator'];
const everybody: Role[] = ['annotator', 'adjudicator', 'lead', 'customer', 'admin'];

/** Every page, in the order of the navigation. */
export const routes: Route[] = [
  { path: '/', title: 'Home', nav: 'Home', load: () => import('./pages/home'), view: (_, me) => html`<he-home .me=${me}></he-home>` },
  { path: '/task', title: 'Task', roles: judging, wide: true, load: () => import('./pages/task'), view: (_, me) => html`<he-task .me=${me}></he-task>` },
  {
    path: '/task/:projectId/:taskId',
    title: 'Task',
    roles: judging,
    wide: true,
    load: () => import('./pages/task'),
    view: (params, me) => html`<he-task .me=${me} .wanted=${params}></he-task>`,
  },
  { path: '/mine', title: 'My work', nav: 'My work', roles: judging, load: () => import('./pages/mine'), view: () => html`<he-mine .wanted=${{}}></he-mine>` },
  { path: '/mine/:projectId/:taskId', title: 'My judgement', roles: judging, load: () => import('./pages/mine'), view: params => html`<he-mine .wanted=${params}></he-mine>` },
  { path: '/my-quality', title: 'My quality', nav: 'My quality', roles: judging, load: () => import('./pages/my-quality'), view: () => html`<he-my-quality></he-my-quality>` },
  { path: '/training/:projectId/:step', title: 'Training', roles: judging, load: () => import('./pages/training'), view: params => html`<he-training .wanted=${params}></he-training>` },
  { path: '/case', title: 'Disagreements', nav: 'Disagreements', roles: settling, load: () => import('./pages/case'), view: (_, me) => html`<he-case .me=${me}></he-case>` },
  { path: '/sessions', title: 'Your sessions', load: () => import('./pages/sessions'), view: (_, me) => html`<he-sessions-page .me=${me}></he-sessions-page>` },
  lead('/inbox', 'Inbox', running, () => [import('./pages/lead/inbox')]),
  lead('/projects', 'Projects', running),
  lead('/people', 'People', running),
  lead('/batches', 'Batches', watching),
  lead('/items', 'Items', running, () => [import('./pages/lead/items'), import('./pages/lead/item')]),
  lead('/raters', 'Raters', running, () => [import('./pages/lead/raters'), import('./pages/lead/rater'), import('./pages/lead/standards')]),
  lead('/reports', 'Reports', watching),
  lead('/quality', 'Quality', running),
  lead('/questions', 'Questions', running),
  lead('/prompts', 'Prompts', writing),
  lead('/guidelines', 'Guidelines', everybody),
  lead('/audit', 'Audit', running),
];

/** Pages of people who run a project; what is behind the first part of the address is theirs. */
function lead(path: string, title: string, roles: Role[], more: () => Promise<unknown>[] = () => []): Route {
  return { path, title, nav: title, roles, below: true, load: () => Promise.all([import('./pages/lead/index'), ...more()]), view: (params, me) => html`<he-lead .me=${me} .page=${title} .params=${params}></he-lead>` };
}

export function allowed(route: Route, me: Me): boolean {
  return !route.roles || route.roles.some(role => me.roles.includes(role));
}
