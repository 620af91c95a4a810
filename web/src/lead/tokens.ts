/** What a scope lets a program do, in words. */
export const scopeWords: Record<string, string> = {
  'batches:write': 'send files',
  'batches:read': 'read receipts and rejected lines',
  'reports:read': 'list and download reports',
  'reports:compile': 'compile reports',
  'exports:read': 'download exports',
};

export interface Curl {
  scope: string;
  what: string;
  line: string;
}

/** Lines to paste into a terminal; the token comes from the environment, so that it is in no history. */
export function curlLines(page: 'batches' | 'reports', project: string, origin: string): Curl[] {
  const call = (path: string, more = '') => `curl -fsS -H "Authorization: Bearer $HEALTHEVAL_TOKEN" ${more}${more ? ' ' : ''}'${origin}/api/${path}'`;
  const id = encodeURIComponent(project);
  return page === 'batches'
    ? [
        { scope: 'batches:write', what: 'Send a file', line: call(`batches/${id}?name=batch.jsonl`, '-H "Content-Type: application/octet-stream" --data-binary @batch.jsonl') },
        { scope: 'batches:read', what: 'List the receipts', line: call(`batches/${id}`) },
        { scope: 'batches:read', what: 'Fetch the rejected lines of one', line: call(`batches/${id}/BATCH/rejects`, '-o rejects.jsonl') },
      ]
    : [
        { scope: 'reports:read', what: 'List the weeks', line: call(`reports/${id}`) },
        { scope: 'reports:read', what: 'Download a workbook', line: call(`reports/${id}/2026-W47/workbook`, '-o report.xlsx') },
        { scope: 'exports:read', what: 'Download all judgements', line: call(`exports/${id}/annotations`, '-o annotations.jsonl') },
      ];
}
