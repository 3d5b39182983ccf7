/** Whether a presented key may speak at all, and for which models. */
import { refused } from '../../core/errors.ts';
import type { Instant } from '../../core/time/instant.ts';
import type { KeyRecord, Keys } from '../ports.ts';

/** Pure: a key that is known may still be at its end. Throws `Refused(key_revoked)`. */
export function requireLive(key: KeyRecord, now: Instant): KeyRecord {
  if (key.revokedAt !== undefined && key.revokedAt <= now) {
    throw refused('key_revoked', 'This Stipend key was revoked. Make a new one, or ask whoever runs Stipend.');
  }
  if (key.expiresAt !== undefined && key.expiresAt <= now) {
    throw refused('key_revoked', 'This Stipend key has expired. Make a new one, or ask whoever runs Stipend.');
  }
  return key;
}

/** Pure: the models a key is limited to, when it is. Throws `Refused(model_not_allowed)`. */
export function requireModel(key: KeyRecord, model: string): void {
  if (key.models === undefined || key.models.includes(model)) return;
  throw refused(
    'model_not_allowed',
    `This key may not use the model ${model.slice(0, 128)}. It may use: ${key.models.join(', ')}.`,
  );
}

/** The key a client presented. Throws `Refused` with `key_unknown` or `key_revoked`. */
export async function authorise(keys: Keys, presented: string | undefined, now: Instant): Promise<KeyRecord> {
  const key = presented === undefined ? undefined : await keys.holder(presented);
  if (!key) {
    throw refused(
      'key_unknown',
      presented === undefined
        ? 'No Stipend key was sent, or two that differ. Send yours as a Bearer token, x-api-key, x-goog-api-key or ?key=.'
        : 'This is no Stipend key that is known here. Check that it was copied whole.',
    );
  }
  return requireLive(key, now);
}
