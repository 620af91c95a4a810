/** One line of a batch as a customer may write it: the shortest that works, and one with two answers to compare. */
export const exampleLines = [
  { prompt_id: 'p001', messages: [{ role: 'user', content: 'Can I take ibuprofen with lisinopril?' }], response: 'Ask your pharmacist first: …', model: 'model-a', subdomain: 'general', language: 'en' },
  { prompt_id: 'p002', prompt: [{ role: 'user', content: 'My child has had a fever for two days.' }], responses: [{ model: 'model-a', content: 'How old is your child? …' }, { model: 'model-b', content: 'Give plenty of fluids …' }] },
].map(line => JSON.stringify(line));
