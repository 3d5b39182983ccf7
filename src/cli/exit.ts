/** What the process answers with; scripts may rely on these. */
export const EXIT = {
  done: 0,
  /** Refused, or found wrong. */
  refused: 1,
  /** Could not tell: the server did not answer, or not with anything readable. */
  unknown: 2,
  /** The command line itself is wrong (EX_USAGE of sysexits). */
  usage: 64,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** An end of a command that a person can act on: one readable sentence, and the code the process exits with. */
export class CommandFailure extends Error {
  readonly exitCode: ExitCode;
  /** The server's refusal code, where the server said no. */
  readonly code: string | undefined;

  constructor(exitCode: ExitCode, message: string, options: { code?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'CommandFailure';
    this.exitCode = exitCode;
    this.code = options.code;
  }
}
