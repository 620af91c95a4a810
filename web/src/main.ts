import './styles/tokens.css';
import './styles/base.css';
import './styles/shell.css';
import './styles/controls.css';
import './styles/pieces.css';
import { applyTheme, currentTheme } from './theme';
import './app';

applyTheme(currentTheme());
