/** Why Stipend did not start or could not go on: what an operator can mend, in words, and what is a defect. */

export interface StartFailure {
  /** One of sysexits.h where the operator can mend it, else 1. */
  readonly exitCode: number;
  readonly words: string;
}

const EXIT_UNAVAILABLE = 69;
const EXIT_CONFIG = 78;
const PORT_MOST = 65_535;

/** Errors of ours whose message tells the operator what to do. */
const TOLD: Readonly<Record<string, number>> = {
  ConfigError: EXIT_CONFIG,
  EmbeddedRefused: EXIT_CONFIG,
  InstallationMismatch: EXIT_CONFIG,
  UnfitDatabase: EXIT_CONFIG,
  DatabaseUnreachable: EXIT_UNAVAILABLE,
};

/** Reads the error that ended `serve`. What nobody foresaw keeps its stack. */
export function startFailure(error: unknown): StartFailure {
  if (!(error instanceof Error)) return { exitCode: 1, words: String(error) };
  const exitCode = TOLD[error.name];
  if (exitCode !== undefined) return { exitCode, words: error.message };
  const words = listenWords(error);
  return words === undefined
    ? { exitCode: 1, words: error.stack ?? error.message }
    : { exitCode: EXIT_UNAVAILABLE, words };
}

/** Node puts the address on the error of a `listen`, and the host's name on that of looking it up. */
interface ListenError extends NodeJS.ErrnoException {
  readonly address?: string;
  readonly port?: number;
  readonly hostname?: string;
}

function listenWords(error: ListenError): string | undefined {
  const { code, syscall, address, port = 0, hostname } = error;
  if (syscall === 'getaddrinfo') return `The host ${hostname} has no address that is known here: look at STIPEND_HOST.`;
  if (syscall !== 'listen') return undefined;
  const another = port < PORT_MOST ? port + 1 : port - 1;
  switch (code) {
    case 'EADDRINUSE':
      return `Another program listens on ${address}, port ${port}. Stop it, or give Stipend another port: STIPEND_PORT=${another} npm start`;
    case 'EADDRNOTAVAIL':
      return `${address} is not an address of this machine: look at STIPEND_HOST.`;
    case 'EACCES':
      return `This user may not listen on port ${port}: give Stipend one above 1023 in STIPEND_PORT.`;
    default:
      return error.message;
  }
}
