/** The query of a request to the Gemini API. */
import { refused } from '../../core/errors.ts';

/** The forms of an answer that can be metered. */
const ALT = new Set(['sse', 'json']);
const HARMLESS = new Set(['key', 'prettyPrint']);

/**
 * Google's system parameters can ask for an answer without its usage (`fields`) or in another encoding (`alt=proto`,
 * `callback`). Throws `Refused(invalid)` for any but those known to leave an answer readable.
 * Source: cloud.google.com/apis/docs/system-parameters.
 */
export function refuseUnreadableAnswers(query: string): void {
  for (const [name, value] of new URLSearchParams(query)) {
    if (HARMLESS.has(name) || (name === 'alt' && ALT.has(value))) continue;
    throw refused('invalid', `The query parameter ${JSON.stringify(name.slice(0, 64))} is not passed on here.`);
  }
}
