import { describe, expect, it } from 'vitest';
import { refused } from '../core/errors.ts';
import { isAway, reaching } from './store-away.ts';

const coded = (code: string, message = 'no') => Object.assign(new Error(message), { code });

describe('a database', () => {
  it.each([
    coded('ECONNREFUSED'),
    coded('ENOENT'),
    coded('57P01'),
    coded('53300'),
    coded('08006'),
    coded('40P01'),
    coded('25006'),
    new Error('timeout exceeded when trying to connect'),
    new Error('Connection terminated unexpectedly'),
  ])('is away: %o', async (error) => {
    expect(isAway(error)).toBe(true);
    await expect(reaching(() => Promise.reject(error))).rejects.toMatchObject({
      refusal: { code: 'store_unavailable', retryAfterSeconds: 2 },
      cause: error,
    });
  });

  it.each([
    coded('23505'),
    coded('42601', 'timeout'),
    new TypeError('x is not a function'),
    refused('not_found', 'no'),
  ])('is not away for a mistake of ours: %o', async (error) => {
    expect(isAway(error)).toBe(false);
    await expect(reaching(() => Promise.reject(error))).rejects.toBe(error);
  });
});
