// @vitest-environment happy-dom
import { LitElement } from 'lit';
import { describe, expect, it } from 'vitest';
import { Problem, Unreachable } from '../api/problem';
import { Form } from './edit-form';

class Host extends LitElement {}
customElements.define('test-host', Host);

type Draft = { name: string; overlap: string };
const first: Draft = { name: 'Old', overlap: '2' };
const fine = () => ({});

function form(key = 'a', value = first): Form<Draft> {
  const host = new Host();
  const made = new Form<Draft>(host, () => key);
  document.body.append(host);
  made.start({ value, etag: '1' });
  return made;
}

describe('a form', () => {
  it('sends what was typed with the version it was typed over, and is clean then', async () => {
    const typed = form();
    typed.set({ name: 'New' });
    let sent: unknown;
    expect(await typed.save(fine, async (value, etag) => (sent = { ...value, etag }))).toBe(true);
    expect(sent).toEqual({ name: 'New', overlap: '2', etag: '1' });
    expect(typed.dirty).toBe(false);
  });

  it('joins a colleague’s change, loses nothing, and saves over their version next', async () => {
    const typed = form();
    typed.set({ name: 'Mine' });
    const stale = async () => Promise.reject(new Problem(412, 'stale', 'Changed.'));
    expect(await typed.save(fine, stale, async () => ({ value: { name: 'Old', overlap: '3' }, etag: '2' }))).toBe(false);
    expect(typed.value).toEqual({ name: 'Mine', overlap: '3' });
    let over = '';
    expect(await typed.save(fine, async (_, etag) => (over = etag))).toBe(true);
    expect(over).toBe('2');
  });

  it('keeps what was typed when the server says no or is away', async () => {
    const typed = form();
    typed.set({ name: '' });
    expect(await typed.save(fine, async () => Promise.reject(new Problem(422, 'invalid', '', { name: ['Give a name.'] })))).toBe(false);
    expect(await typed.save(fine, async () => Promise.reject(new Unreachable()))).toBe(false);
    expect(typed.value.name).toBe('');
    expect(typed.dirty).toBe(true);
  });

  it('sends nothing that its own check refuses', async () => {
    let calls = 0;
    expect(await form().save(() => ({ name: ['No.'] }), async () => calls++)).toBe(false);
    expect(calls).toBe(0);
  });

  it('has again what was typed and left, on top of what the server has by then', () => {
    const left = form('b');
    left.set({ name: 'Half typed' });
    left.hostDisconnected();
    const back = form('b', { name: 'Old', overlap: '5' });
    expect(back.value).toEqual({ name: 'Half typed', overlap: '5' });
    expect(back.dirty).toBe(true);
  });

  it('forgets what was saved or given up', () => {
    const given = form('c');
    given.set({ name: 'Never mind' });
    given.reset();
    given.hostDisconnected();
    expect(form('c').value).toEqual(first);
  });
});
