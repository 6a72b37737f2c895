// Everything that commands need. It is loaded with the first command, and not at the start of a window.
export { checkConnection } from '../diagnostics/checkConnection';
export { inquiriesOf } from '../context';
export { copyAccessToken } from '../commands/copyAccessToken';
export { forgetCertificate } from '../trust/forgetCertificate';
export { importIni } from '../import/importIni';
export { login } from '../login/login';
export { loginAsUser } from '../loginAsUser/loginAsUser';
export { NonAdmins } from '../loginAsUser/nonAdmins';
export { logout } from '../logout/logout';
export { openTerminal, terminalProfile } from '../terminal/openTerminal';
export { renameInstance } from '../commands/renameInstance';
export { renewToken } from '../commands/renewToken';
export { setUpBrowserLogin } from '../login/setUpBrowserLogin';
export { showAccounts } from '../accountsList/showAccounts';
export { stopActingAs } from '../commands/stopActingAs';
export { takeStep } from './takeStep';
