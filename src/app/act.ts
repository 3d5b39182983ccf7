/** One request to change something: what it derives its new ids from, and who asks. */
import type { Ids } from './ports.ts';

export interface Act {
  /** The same for every try of one request under an idempotency key; otherwise new. */
  readonly id: string;
  /** The administrator, by name. */
  readonly by: string;
}

/** The id of the one `noun` that an act brings forth, the same on every try. */
export function idOf(ids: Ids, act: Act, noun: string): string {
  return ids.derived(`${act.id}:${noun}`);
}
