import './styles/tokens.css';
import './styles/base.css';
import './styles/shell.css';
import './styles/controls.css';
import './styles/pieces.css';
import { applyTheme, currentTheme } from './theme';
import './app';

applyTheme(currentTheme());
if (import.meta.env.PROD) void navigator.serviceWorker?.register('/sw.js').catch(() => {}); // without it everything works while there is a network
