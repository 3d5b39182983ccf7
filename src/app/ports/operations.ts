/** Requests that a caller may repeat under an idempotency key of its own. */

/** Who asks, under which key, for what: `body` is compared on a repeat, never kept. */
export interface AskedOnce {
  readonly caller: string;
  readonly idempotencyKey: string;
  readonly route: string;
  readonly body: string;
}

export interface GivenAnswer {
  readonly status: number;
  /** JSON text. */
  readonly body: string;
}

export type OperationState =
  /** The caller's to run; `id` is the same on every try, so that what it derives from it is too. */
  | { readonly state: 'begun'; readonly id: string; readonly attempt: number }
  /** Another process runs it. */
  | { readonly state: 'running' }
  | { readonly state: 'answered'; readonly answer: GivenAnswer }
  | { readonly state: 'other'; readonly differs: 'route' | 'body' };

export interface Operations {
  /** Begins an operation, or says how far the one with this key has come. One that was left by a crash begins again. */
  begin(asked: AskedOnce): Promise<OperationState>;
  /** Keeps the answer, sealed under the idempotency key itself. `false`: another attempt has taken over meanwhile. */
  answer(asked: AskedOnce, attempt: number, answer: GivenAnswer): Promise<boolean>;
  /** Gives it back unanswered, so that a repeat may run at once. */
  release(asked: AskedOnce, attempt: number): Promise<void>;
}
