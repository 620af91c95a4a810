import type { CaseAssignment, CaseDesk, Decision } from './api/adjudications';
import type { GoldImport, GoldItem, GoldRater } from './api/gold';
import { json, seg, send } from './api/http';
import type { Decided, DecisionKind, HeldDetail, HeldItem, Place, PrivacyDecision } from './api/held';
import type { Invite, Me, Person, PersonInput, Session, SignInWays } from './api/people';
import type { AuditPage, TrailCheck } from './api/audit';
import type { Benchmark, BenchmarkAdded, BenchmarkChange, BenchmarkRun, BenchmarkScore, MachineScore } from './api/benchmarks';
import type { Preview, Profile } from './api/mapping';
import type { GuidelineDifference, GuidelineSummary, OverlapEffect, Progress, Project, ProjectInput, Quality, Receipt, ReportWeek, Usage } from './api/projects';
import type { ReportFigures } from './api/reports';
import type { Prompt, PromptInput, PromptSummary } from './api/prompts';
import type { FoundEarlier, LibrarySource, Question } from './api/questions';
import type { Calibration, CalibrationAnswer, CalibrationFeedback, Interests, MyQuality, OwnLedger, Quiz } from './api/quality';
import type { Assignment, Desk, MyJudgement, MyWorkLine, SavedDraft, Submitted } from './api/tasks';
import type { Guideline } from './logic/guideline';
import type { Judgement } from './logic/judgement';

const held = (projectId: string, batchId: string) => `batches/${seg(projectId)}/${seg(batchId)}/held`;
const task = (projectId: string, taskId: string) => `tasks/${seg(projectId)}/${seg(taskId)}`;

/** Every route of the server that the pages use; throws Problem or Unreachable. */
export const api = {
  signInWays: () => json<SignInWays>('session'),
  signIn: (token: string) => send('session', { method: 'POST', json: { token } }),
  signOut: () => send('session', { method: 'DELETE' }),
  me: () => json<Me>('me'),
  sessions: () => json<{ sessions: Session[] }>('me/sessions').then(answer => answer.sessions),
  endSessions: () => send('me/sessions', { method: 'DELETE' }),

  people: () => json<{ people: Person[] }>('people').then(answer => answer.people),
  addPerson: (person: PersonInput) => json<Person>('people', { method: 'POST', json: person }),
  savePerson: (id: string, person: PersonInput, etag: string) => json<Person>(`people/${seg(id)}`, { method: 'PATCH', json: person, ifMatch: etag }),
  invite: (id: string) => json<Invite>(`people/${seg(id)}/invite`, { method: 'POST' }),
  askForLink: (id: string) => send(`people/${seg(id)}/link-request`, { method: 'POST' }),
  sessionsOf: (id: string) => json<{ sessions: Session[] }>(`people/${seg(id)}/sessions`).then(answer => answer.sessions),
  endSessionsOf: (id: string) => send(`people/${seg(id)}/sessions`, { method: 'DELETE' }),

  audit: (project: string, filter: Record<string, string>) => json<AuditPage>(`audit/${seg(project)}?${new URLSearchParams(filter)}`),
  auditCheck: (project: string) => json<TrailCheck>(`audit/${seg(project)}/check`),

  projects: () => json<{ projects: Project[] }>('projects').then(answer => answer.projects),
  project: (id: string) => json<Project>(`projects/${seg(id)}`),
  progress: (id: string) => json<Progress>(`projects/${seg(id)}/progress`),
  addProject: (project: ProjectInput) => json<Project>('projects', { method: 'POST', json: project }),
  saveProject: (project: ProjectInput, etag: string) => json<Project>(`projects/${seg(project.projectId)}`, { method: 'PATCH', json: project, ifMatch: etag }),

  prompts: (project: string) => json<{ prompts: PromptSummary[] }>(`prompts/${seg(project)}`).then(answer => answer.prompts),
  prompt: (project: string, id: string) => json<Prompt>(`prompts/${seg(project)}/${seg(id)}`),
  promptVersion: (project: string, id: string, version: number) => json<Pick<Prompt, 'title' | 'messages'>>(`prompts/${seg(project)}/${seg(id)}/versions/${version}`),
  addPrompt: (project: string, prompt: PromptInput) => json<Prompt>(`prompts/${seg(project)}`, { method: 'POST', json: prompt }),
  revisePrompt: (project: string, id: string, prompt: PromptInput, etag: string) => json<Prompt>(`prompts/${seg(project)}/${seg(id)}/versions`, { method: 'POST', json: prompt, ifMatch: etag }),

  shareGuideline: (project: string, id: string, why: string) => send(`projects/${seg(project)}/guidelines/${seg(id)}`, { method: 'POST', json: { why } }),
  guidelines: () => json<{ guidelines: GuidelineSummary[] }>('guidelines').then(answer => answer.guidelines),
  guidelineChanges: (id: string, version: string | number, since: string) =>
    json<GuidelineDifference>(`guidelines/${seg(id)}/${seg(String(version))}/changes?since=${seg(since)}`),
  guideline: (id: string, version: string | number) => json<Guideline>(`guidelines/${seg(id)}/${seg(String(version))}`),

  batches: (project: string, continuation = '') => json<{ batches: Receipt[]; continuation?: string }>(`batches/${seg(project)}${continuation ? `?continuation=${seg(continuation)}` : ''}`),
  batch: (project: string, id: string) => json<Receipt>(`batches/${seg(project)}/${seg(id)}`),
  previewBatch: (project: string, id: string, profile: Profile | null, records?: number) =>
    json<Preview>(`batches/${seg(project)}/${seg(id)}/preview${records ? `?records=${records}` : ''}`, { method: 'POST', ...(profile ? { json: profile } : {}) }),
  /** The same of a file that was loaded, once its batch has been withdrawn: another batch comes of it. */
  readWithdrawnAgain: (project: string, id: string, profile: Profile) =>
    json<{ batchId: string; state: string }>(`oversight/${seg(project)}/batches/${seg(id)}/read-again`, { method: 'POST', json: profile }),
  keepProfile: (project: string, profile: Profile) => json<{ profile: Profile & { version: number } }>(`batches/${seg(project)}/profiles`, { method: 'POST', json: profile }),
  readAgain: (project: string, id: string, profile: Profile) => json<{ batchId: string; state: string }>(`batches/${seg(project)}/${seg(id)}/again`, { method: 'POST', json: profile }),

  benchmarks: (project: string) => json<{ benchmarks: Benchmark[]; runs: BenchmarkRun[] }>(`benchmarks/${seg(project)}`),
  benchmarkScores: (project: string) => json<{ scores: BenchmarkScore[]; changes: BenchmarkChange[]; machines: MachineScore[] }>(`benchmarks/${seg(project)}/scores`),
  addBenchmark: (project: string, name: string, file: File) =>
    json<BenchmarkAdded>(`benchmarks/${seg(project)}?${name ? `name=${seg(name)}&` : ''}file=${seg(file.name)}`, { method: 'POST', body: file }),
  benchmarkOf: (project: string, batch: string) => json<BenchmarkAdded>(`benchmarks/${seg(project)}?batch=${seg(batch)}`, { method: 'POST' }),
  addRuns: (project: string, benchmark: string, batches: string[]) => json<{ runs: BenchmarkRun[] }>(`benchmarks/${seg(project)}/${seg(benchmark)}/runs`, { method: 'POST', json: { batches } }),

  held: (project: string, batch: string) => json<{ held: HeldItem[]; continuation?: string }>(`${held(project, batch)}`),
  heldItem: (project: string, batch: string, id: string) => json<HeldDetail>(`${held(project, batch)}/${seg(id)}`),
  decideHeld: (project: string, batch: string, id: string, decision: { decision: DecisionKind; why: string; places?: Place[] }) =>
    json<Decided>(`${held(project, batch)}/${seg(id)}`, { method: 'POST', json: decision }),
  decideManyHeld: (project: string, batch: string, decision: { decision: DecisionKind; why: string; taskIds?: string[] }) => json<Decided>(held(project, batch), { method: 'POST', json: decision }),
  decisions: (project: string, batch: string) => json<{ decisions: PrivacyDecision[]; continuation?: string }>(`batches/${seg(project)}/${seg(batch)}/decisions`),

  usage: (project: string) => json<Usage>(`batches/${seg(project)}/usage`),

  reports: (project: string) => json<{ weeks: ReportWeek[] }>(`reports/${seg(project)}`).then(answer => answer.weeks),
  report: (project: string, week: string) => json<ReportWeek>(`reports/${seg(project)}/${seg(week)}`),
  reportFigures: (project: string, week: string) => json<ReportFigures>(`reports/${seg(project)}/${seg(week)}/figures`),
  campaigns: (project: string) => json<{ campaigns: ReportWeek[] }>(`reports/${seg(project)}/campaigns`).then(answer => answer.campaigns),
  compileReport: (project: string, week: string, reason?: string) => json<ReportWeek>(`reports/${seg(project)}/${seg(week)}`, { method: 'POST', json: reason ? { reason } : {} }),
  compileCampaign: (project: string, scope: { from?: string; to?: string; batch?: string; tag?: string }) => json<ReportWeek>(`reports/${seg(project)}/campaigns`, { method: 'POST', json: scope }),
  overlapEffect: (project: string, overlap: number) => json<OverlapEffect>(`projects/${seg(project)}/open-tasks/overlap/${overlap}`),
  changeOpenTasks: (project: string, overlap: number) => json<OverlapEffect>(`projects/${seg(project)}/open-tasks/overlap/${overlap}`, { method: 'POST' }),
  quality: (project: string) => json<Quality>(`quality/${seg(project)}`),
  gold: (project: string) => json<{ share: number; items: GoldItem[] }>(`quality/${seg(project)}/gold`),
  goldRaters: (project: string) => json<{ raters: GoldRater[] }>(`quality/${seg(project)}/gold/raters`),
  importGold: (project: string, file: Blob) => json<GoldImport>(`quality/${seg(project)}/gold`, { method: 'POST', body: file }),
  retireGold: (project: string, gold: string, why: string) => send(`quality/${seg(project)}/gold/${seg(gold)}`, { method: 'DELETE', json: { why } }),

  myQuality: () => json<{ projects: MyQuality[] }>('quality/mine').then(answer => answer.projects),
  myLedger: () => json<OwnLedger>('quality/ledger'),
  interests: () => json<Interests>('quality/interests'),
  declareInterests: (interests: Interests) => json<Interests>('quality/interests', { method: 'PUT', json: interests }),
  quiz: (project: string) => json<Quiz>(`quality/${seg(project)}/quiz`),
  answerQuiz: (project: string, answers: Record<string, string>) => json<Quiz>(`quality/${seg(project)}/quiz`, { method: 'POST', json: { answers } }),
  calibration: (project: string) => json<Calibration>(`quality/${seg(project)}/calibration`),
  calibrate: (project: string, item: string, answer: CalibrationAnswer) => json<CalibrationFeedback>(`quality/${seg(project)}/calibration/${seg(item)}`, { method: 'POST', json: answer }),

  desk: () => json<Desk>('tasks/desk'),
  next: (holding: string[], projectId?: string) => json<Assignment | null>('tasks/next', { method: 'POST', json: projectId ? { projectId, holding } : { holding } }),
  renew: (projectId: string, taskId: string, leaseId: string) =>
    json<{ leaseId: string; expiresAt: string }>(`${task(projectId, taskId)}/lease`, { method: 'POST', json: { leaseId } }),
  release: (projectId: string, taskId: string, leaseId: string, reason: string) =>
    send(`${task(projectId, taskId)}/lease`, { method: 'DELETE', json: { leaseId, reason }, keepalive: true }),
  saveDraft: (projectId: string, taskId: string, leaseId: string, revision: number, judgement: Judgement) =>
    json<Pick<SavedDraft, 'revision' | 'savedAt'>>(`${task(projectId, taskId)}/draft`, { method: 'PUT', json: { leaseId, revision, judgement }, keepalive: true }),
  submit: (projectId: string, taskId: string, annotationId: string, leaseId: string, judgement: Judgement, acknowledged: string[], reasons: Record<string, string>) =>
    json<Submitted>(`annotations/${seg(projectId)}/${seg(taskId)}/${seg(annotationId)}`, { method: 'PUT', json: { leaseId, judgement, acknowledged, reasons } }),

  myWork: (before?: string) => json<{ judgements: MyWorkLine[]; more: boolean }>(`annotations/mine${before ? `?before=${seg(before)}` : ''}`),
  myJudgement: (projectId: string, taskId: string) => json<MyJudgement>(`annotations/${seg(projectId)}/${seg(taskId)}/mine`),
  correct: (projectId: string, taskId: string, annotationId: string, judgement: Judgement, replaces: string, reason: string, acknowledged: string[], reasons: Record<string, string>) =>
    json<Submitted>(`annotations/${seg(projectId)}/${seg(taskId)}/mine`, { method: 'PUT', json: { annotationId, judgement, replaces, reason, acknowledged, reasons } }),

  foundEarlier: (projectId: string, taskId: string) => json<{ judgements: FoundEarlier[] }>(`annotations/${seg(projectId)}/${seg(taskId)}/earlier`).then(answer => answer.judgements),
  questions: (project: string, mine = false) => json<{ questions: Question[] }>(`annotations/${seg(project)}/questions${mine ? '?mine=true' : ''}`).then(answer => answer.questions),
  ask: (project: string, id: string, question: { taskId?: string; text: string; response?: string; start?: number; end?: number }) =>
    json<Question>(`annotations/${seg(project)}/questions/${seg(id)}`, { method: 'PUT', json: question }),
  answer: (project: string, id: string, answer: { text: string; forAll: boolean; question?: string; everywhere?: boolean }) => send(`annotations/${seg(project)}/questions/${seg(id)}`, { method: 'POST', json: answer }),
  sources: (project: string) => json<{ sources: LibrarySource[] }>(`annotations/${seg(project)}/sources`).then(answer => answer.sources),
  curateSource: (project: string, id: string, source: Pick<LibrarySource, 'title' | 'publisher' | 'tier' | 'retired'>) =>
    send(`annotations/${seg(project)}/sources/${seg(id)}`, { method: 'PUT', json: source }),

  caseDesk: () => json<CaseDesk>('adjudications/desk'),
  casesOf: (project: string) => json<{ waiting: number; settled: number }>(`adjudications/${seg(project)}`),
  nextCase: () => json<CaseAssignment | null>('adjudications/next', { method: 'POST', json: {} }),
  renewCase: (projectId: string, taskId: string, leaseId: string) =>
    json<{ expiresAt: string }>(`adjudications/${seg(projectId)}/${seg(taskId)}/lease`, { method: 'POST', json: { leaseId } }),
  saveCaseDraft: (projectId: string, taskId: string, leaseId: string, revision: number, rulings: Record<string, Partial<Decision>>) =>
    json<{ revision: number; savedAt: string }>(`adjudications/${seg(projectId)}/${seg(taskId)}/draft`, { method: 'PUT', json: { leaseId, revision, rulings }, keepalive: true }),
  releaseCase: (projectId: string, taskId: string, leaseId: string, reason: string) =>
    send(`adjudications/${seg(projectId)}/${seg(taskId)}/lease`, { method: 'DELETE', json: { leaseId, reason } }),
  settle: (projectId: string, taskId: string, id: string, leaseId: string, decisions: Decision[]) =>
    send(`adjudications/${seg(projectId)}/${seg(taskId)}/${seg(id)}`, { method: 'PUT', json: { leaseId, decisions } }),
};

/** Addresses of downloads, for plain links. */
export const downloads = {
  audit: (project: string) => `/api/audit/${seg(project)}/export`,
  rejects: (project: string, batch: string) => `/api/batches/${seg(project)}/${seg(batch)}/rejects`,
  prompts: (project: string) => `/api/prompts/${seg(project)}/export`,
  workbook: (project: string, week: string, revision?: number) => `/api/reports/${seg(project)}/${seg(week)}/workbook${revision ? `?revision=${revision}` : ''}`,
  data: (project: string, week: string, revision?: number) => `/api/reports/${seg(project)}/${seg(week)}/data${revision ? `?revision=${revision}` : ''}`,
  benchmark: (project: string, id: string, version: number) => `/api/benchmarks/${seg(project)}/${seg(id)}/${version}`,
  run: (project: string, id: string) => `/api/benchmarks/${seg(project)}/runs/${seg(id)}/export`,
  export: (project: string, format: string) => `/api/exports/${seg(project)}/${seg(format)}`,
  manifest: (project: string, week: string) => `/api/reports/${seg(project)}/${seg(week)}/manifest`,
};
