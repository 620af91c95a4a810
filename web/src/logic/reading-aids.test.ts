import { describe, expect, it } from 'vitest';
import { dosesIn } from './doses';
import { factsIn } from './facts';

const text = '💊 Give 10 mg/kg (max. 400 mg) every 6–8 hours, 0.5 mL; not 12mgx or v2.0 g-forces. BP 140/90 mmHg, 38.5 °C, 5%.';
const shown = (source: string) => dosesIn(source).map(({ start, end }) => [...source].slice(start, end).join(''));

describe('doses', () => {
  it('are amounts with their units, counted in code points', () => {
    expect(shown(text)).toEqual(['10 mg/kg', '400 mg', '6–8 hours', '0.5 mL', '90 mmHg', '38.5 °C', '5%']);
    expect(shown('In 2019, 3 people, 12 gardens.')).toEqual([]);
  });
});

describe('facts to keep in sight', () => {
  const turn = (role: string, content: string) => ({ role, content, view: [] });

  it('are what the person has said about themselves, once each', () => {
    const prompt = [turn('system', 'The user is 99 years old.'), turn('user', 'Hello. I am 34 and pregnant. My tooth hurts.'), turn('assistant', 'Any allergy?'), turn('user', 'I am allergic to penicillin. I am 34 and pregnant.')];
    expect(factsIn(prompt, 'en')).toEqual(['I am 34 and pregnant.', 'I am allergic to penicillin.']);
    expect(factsIn([turn('user', 'What is a vaccine?')], null)).toEqual([]);
  });
});
