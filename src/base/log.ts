/** The part of VS Code's LogOutputChannel that is used. Log messages never contain a secret or a token. */
export interface Log {
  info(message: string): void;
  warn(message: string): void;
}
