/** The answer that a digit or a letter stands for in the question that has the focus; null when it stands for none. */
export function answerFor(key: string, options: { key: string; letter?: string }[]): string | null {
  if (/^[1-9]$/.test(key)) return options[Number(key) - 1]?.key ?? null;
  return options.find(option => option.letter !== undefined && option.letter === key.toLowerCase())?.key ?? null;
}
