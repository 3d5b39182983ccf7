/** What Fastify itself refuses, in the API's own codes. */
import { type Refusal, Refused, refused } from '../core/errors.ts';

const BODY_LIMIT = '1 MiB';

/** The refusal an error stands for; `undefined` for one that is our own fault. */
export function refusalOf(error: unknown): Refusal | undefined {
  if (error instanceof Refused) return error.refusal;
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  switch (error.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return refused('too_large', `The body is larger than ${BODY_LIMIT}.`).refusal;
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return refused('wrong_type', 'The body must be JSON: send Content-Type: application/json.').refusal;
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return refused('invalid', 'The body is not as long as Content-Length says.').refusal;
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return refused('not_found', 'There is no such thing here.').refusal;
    case 'FST_ERR_BAD_URL':
      return refused('invalid', 'The path cannot be read.').refusal;
    default: {
      const isCallers = 'statusCode' in error && typeof error.statusCode === 'number' && error.statusCode < 500;
      return isCallers ? refused('invalid', error.message).refusal : undefined;
    }
  }
}
