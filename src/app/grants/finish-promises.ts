/** Posts what a crash left between being kept and being posted: run at start, and now and then. */
import { Refused } from '../../core/errors.ts';
import { postFunding } from '../pools/post-funding.ts';
import type { Fundings } from '../ports/promises.ts';
import { type GrantPosting, postGrant } from './post-grant.ts';

/** A promise that is younger is being posted by the request that made it. */
const LEFT_BEHIND_MS = 60_000;

/**
 * How many were finished. One that its pool no longer covers is dropped, as it would have been then. One that fails
 * keeps none of the others from being finished; then throws an `AggregateError` of what failed.
 */
export async function finishPromises(ports: GrantPosting & { readonly fundings: Fundings }): Promise<number> {
  const fundings = (await ports.fundings.pending(LEFT_BEHIND_MS)).map((kept) => () => postFunding(ports, kept));
  const grants = (await ports.grants.pending(LEFT_BEHIND_MS)).map((kept) => () => postGrant(ports, kept));
  let finished = 0;
  const failures: unknown[] = [];
  for (const post of [...fundings, ...grants]) {
    try {
      await post();
      finished += 1;
    } catch (error) {
      if (!(error instanceof Refused) || error.refusal.code !== 'budget_exhausted') failures.push(error);
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} promises could not be finished`);
  return finished;
}
