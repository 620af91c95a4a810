import type { IconName } from './ui/icon';

export type Theme = 'auto' | 'light' | 'dark';

const key = 'healtheval:theme';
const order: Theme[] = ['auto', 'light', 'dark'];

export const themeIcon: Record<Theme, IconName> = { auto: 'auto', light: 'sun', dark: 'moon' };
export const themeName: Record<Theme, string> = { auto: 'as the device', light: 'light', dark: 'dark' };

export function currentTheme(): Theme {
  const saved = localStorage.getItem(key);
  return order.find(theme => theme === saved) ?? 'auto';
}

export function applyTheme(theme: Theme): void {
  document.documentElement.dataset['theme'] = theme;
  localStorage.setItem(key, theme);
}

export function nextTheme(theme: Theme): Theme {
  return order[(order.indexOf(theme) + 1) % order.length] ?? 'auto';
}
