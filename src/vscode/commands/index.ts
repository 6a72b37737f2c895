/** What the user can start: a command a file. All are loaded with the first of them, not with the window. */
export { checkConnection } from './checkConnection';
export { contextOf } from './context';
export { copyAccessToken } from './copyAccessToken';
export { forgetCertificate } from './forgetCertificate';
export { importIni } from './importIni';
export { login } from './login';
export { loginAsUser } from './loginAsUser';
export { logout, logoutOf } from './logout';
export { openInstance } from './openInstance';
export { openTerminal } from './openTerminal';
export { renewToken } from './renewToken';
export { reviewExceptions } from './reviewExceptions';
export { showAccounts } from './showAccounts';
export { stopActingAs } from './stopActingAs';
export { trustCertificate } from './trustCertificate';
