import { expect, it } from 'vitest';
import { refused } from '../core/errors.ts';
import { refusalOf } from './refused-request.ts';

const coded = (code: string, statusCode: number) => Object.assign(new Error('no'), { code, statusCode });

it.each([
  ['FST_ERR_CTP_BODY_TOO_LARGE', 413, 'too_large'],
  ['FST_ERR_CTP_INVALID_MEDIA_TYPE', 415, 'wrong_type'],
  ['FST_ERR_CTP_INVALID_CONTENT_LENGTH', 400, 'invalid'],
  ['FST_ERR_BAD_URL', 400, 'invalid'],
  ['FST_ERR_OF_SOME_LATER_VERSION', 400, 'invalid'],
])('%s is %s %s', (code, status, refusal) => expect(refusalOf(coded(code, status))?.code).toBe(refusal));

it('a refusal of ours stays what it is', () => expect(refusalOf(refused('conflict', 'No.'))?.code).toBe('conflict'));

it.each([coded('FST_ERR_REP_ALREADY_SENT', 500), new Error('no'), 'no', undefined])(
  'our own fault is no refusal: %o',
  (error) => expect(refusalOf(error)).toBeUndefined(),
);
