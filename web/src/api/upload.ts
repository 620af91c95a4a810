import { seg } from './http';
import { problemFrom, Unreachable } from './problem';

export interface Received {
  batchId: string;
  file: string;
  state: string;
}

/** Sends a customer's file as it is, with their statement that it holds no personal data. The one call that is not a fetch: only this way the browser says how much has left. */
export function uploadBatch(project: string, file: File, onSent: (bytes: number) => void, signal: AbortSignal): Promise<Received> {
  return new Promise((resolve, reject) => {
    const call = new XMLHttpRequest();
    call.open('POST', `/api/batches/${seg(project)}?name=${seg(file.name)}&attested=true`);
    call.setRequestHeader('Accept', 'application/json');
    call.upload.onprogress = event => onSent(event.loaded);
    call.onerror = () => reject(new Unreachable());
    call.onabort = () => reject(signal.reason);
    call.onload = () => {
      if (call.status >= 200 && call.status < 300) resolve(JSON.parse(call.responseText) as Received);
      else problemFrom(new Response(call.responseText, { status: call.status })).then(reject, reject);
    };
    signal.addEventListener('abort', () => call.abort());
    call.send(file);
  });
}
