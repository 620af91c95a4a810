/** What a code such as "ES" or "es" stands for; the code itself when nobody knows. */
export function placeName(code: string): string {
  return named('region', code);
}

export function languageName(code: string): string {
  return named('language', code);
}

function named(type: 'region' | 'language', code: string): string {
  try {
    return new Intl.DisplayNames(['en'], { type }).of(code) ?? code;
  } catch {
    return code;
  }
}
