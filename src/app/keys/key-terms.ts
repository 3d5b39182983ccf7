/** What a key may be, decided from what is asked, its holder and its parent. Pure. */
import { refused } from '../../core/errors.ts';
import type { Instant } from '../../core/time/instant.ts';
import { unfit } from '../missing.ts';
import type { FundingSource, KeyHolder, VirtualKey } from '../ports/key-ring.ts';

export interface AskedTerms {
  readonly holder: KeyHolder;
  readonly funding?: readonly FundingSource[];
  readonly models?: readonly string[];
  /** Where the earliest end that was asked for stands in the request, and when that is. */
  readonly end?: { readonly pointer: string; readonly at: Instant };
}

export type KeyTerms = Pick<VirtualKey, 'holder' | 'funding' | 'models' | 'expiresAt'>;

/**
 * A child lies within its parent: same holder, no model and no day more; what it does not say it has from the parent.
 * `ownFunding` is what pays where neither says. An end that has passed makes a key that is refused from the start. Throws `Refused(unprocessable)` naming the field that does not fit.
 */
export function keyTerms(
  asked: AskedTerms,
  parent: VirtualKey | undefined,
  ownFunding: readonly FundingSource[],
  now: Instant,
): KeyTerms {
  if (parent) requireWithin(asked, parent, now);
  const funding = asked.funding ?? parent?.funding ?? ownFunding;
  if (new Set(funding.map(sourceName)).size !== funding.length) throw unfit('/funding', 'names a source twice');
  if ('serviceId' in asked.holder && funding.some((source) => 'grants' in source)) {
    throw unfit('/funding', 'of a service is pools: only people have grants');
  }
  const models = asked.models ?? parent?.models;
  const expiresAt = asked.end?.at ?? parent?.expiresAt;
  return {
    holder: asked.holder,
    funding,
    ...(models === undefined ? {} : { models }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
  };
}

function requireWithin(asked: AskedTerms, parent: VirtualKey, now: Instant): void {
  if (holderName(asked.holder) !== holderName(parent.holder)) {
    throw refused('unprocessable', 'A child key belongs to the holder of its parent.', {
      problems: [{ pointer: '/parentKeyId', message: 'belongs to somebody else' }],
    });
  }
  if (parent.parentKeyId !== undefined) throw unfit('/parentKeyId', 'is a child itself');
  if (parent.revokedAt !== undefined) throw unfit('/parentKeyId', 'is revoked');
  if (parent.expiresAt !== undefined && parent.expiresAt <= now) throw unfit('/parentKeyId', 'has expired');
  const more = asked.models?.find((model) => parent.models?.includes(model) === false);
  if (more !== undefined) throw unfit('/limits/models', 'has a model that the parent key may not use');
  if (asked.end && parent.expiresAt !== undefined && asked.end.at > parent.expiresAt) {
    throw unfit(asked.end.pointer, 'is after the end of the parent key');
  }
  const sources = new Set(parent.funding.map(sourceName));
  if (asked.funding?.some((source) => !sources.has(sourceName(source)))) {
    throw unfit('/funding', 'has a source that the parent key does not draw on');
  }
}

function sourceName(source: FundingSource): string {
  return 'poolId' in source ? source.poolId : 'grants';
}

function holderName(holder: KeyHolder): string {
  return 'personId' in holder ? `person ${holder.personId}` : `service ${holder.serviceId}`;
}
