/** The slice of VS Code's LogOutputChannel we use. What is logged never holds a secret or a token. */
export interface Log {
  info(message: string): void;
  warn(message: string): void;
}
