/** Posts what a crash left between being kept and being posted: run at start, and now and then. */
import { Refused } from '../../core/errors.ts';
import { postFunding } from '../pools/post-funding.ts';
import type { Fundings } from '../ports/promises.ts';
import { type GrantPosting, postGrant } from './post-grant.ts';

/** A promise that is younger is being posted by the request that made it. */
const LEFT_BEHIND_MS = 60_000;

/** How many were finished. One that its pool no longer covers is dropped, as it would have been then. */
export async function finishPromises(ports: GrantPosting & { readonly fundings: Fundings }): Promise<number> {
  let finished = 0;
  for (const funding of await ports.fundings.pending(LEFT_BEHIND_MS)) {
    await postFunding(ports, funding);
    finished += 1;
  }
  for (const grant of await ports.grants.pending(LEFT_BEHIND_MS)) {
    try {
      await postGrant(ports, grant);
      finished += 1;
    } catch (error) {
      if (!(error instanceof Refused) || error.refusal.code !== 'budget_exhausted') throw error;
    }
  }
  return finished;
}
