/**
 * The id of the record that a lease leads to. Derived, not drawn: two tabs on one lease, a retry and a reload
 * all arrive at the same id, and so at one record.
 */
export async function annotationId(leaseId: string): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(`healtheval annotation ${leaseId}`)));
  const id = hash.slice(0, 16);
  id[6] = ((id[6] ?? 0) & 0x0f) | 0x80;
  id[8] = ((id[8] ?? 0) & 0x3f) | 0x80;
  const hex = [...id].map(byte => byte.toString(16).padStart(2, '0')).join('');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
