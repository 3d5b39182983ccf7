/** What a client is told when the provider gave no answer: in our words, or in the provider's own where they are for the client. */
import type { UpstreamFailure } from '../app/ports.ts';
import { type Refusal, refused } from '../core/errors.ts';

/** Why a provider's status is not passed on; `undefined` for those that are the client's to read. */
export function refusalOfStatus(status: number): Refusal | undefined {
  if (status === 401 || status === 403) {
    return refused(
      'upstream_failed',
      'The provider does not accept the company’s own credential. Whoever runs Stipend must mend it; your key is fine.',
      { final: true },
    ).refusal;
  }
  const redirects = status >= 300 && status < 400;
  return redirects ? refused('upstream_failed', 'The provider answered with a redirect.').refusal : undefined;
}

/** Why an answer that began with these headers cannot be metered, and so is not taken; `undefined` when it can. */
export function refusalOfForm(headers: Readonly<Record<string, string | string[]>>): Refusal | undefined {
  const type = String(headers['content-type'] ?? '');
  const encoding = String(headers['content-encoding'] ?? 'identity');
  if (encoding !== 'identity') {
    return refused('upstream_failed', `The provider sent its answer packed (${encoding.slice(0, 40)}), unasked.`)
      .refusal;
  }
  if (!/^(application\/json|text\/event-stream)\b/i.test(type)) {
    const what = type === '' ? 'of no stated kind' : `of another kind (${type.slice(0, 80)})`;
    return refused('upstream_failed', `Something between Stipend and the provider sent an answer ${what}.`).refusal;
  }
  return undefined;
}

const LAST_OF_OBJECT = 0x7d;
const SPACE = 0x20;

/**
 * Whether these bytes can be the end of a JSON object. A meter leaves an answer open that has stopped short, and one
 * that is whole but tells no usage: this parts them.
 */
export function endsAsObject(last: Uint8Array | undefined): boolean {
  return last?.findLast((byte) => byte > SPACE) === LAST_OF_OBJECT;
}

export function refusalOfFailure(failure: UpstreamFailure): Refusal {
  switch (failure.kind) {
    case 'timeout':
      return refused('upstream_timeout', 'The provider took too long to answer.').refusal;
    case 'blocked':
      return refused('upstream_failed', 'The provider’s address is not one that Stipend may call.').refusal;
    case 'connect':
      return refused('upstream_failed', 'The provider could not be reached.').refusal;
    default:
      return refused('upstream_failed', 'The provider broke the answer off.').refusal;
  }
}
