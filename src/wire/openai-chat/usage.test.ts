import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NO_USAGE, TOKEN_CLASSES } from '../../core/pricing/usage.ts';
import { readUsage, tierNamed } from './usage.ts';

const count = fc.integer({ min: 0, max: 2 ** 40 });

describe('chat usage', () => {
  it.each([
    [
      'what was read from and written to the cache leaves the fresh input',
      {
        prompt_tokens: 100,
        completion_tokens: 9,
        prompt_tokens_details: { cached_tokens: 60, cache_write_tokens: 30 },
      },
      { input: 10, cacheRead: 60, cacheWrite5m: 30, output: 9 },
    ],
    [
      'reasoning and rejected predictions lie inside the completion',
      {
        prompt_tokens: 5,
        completion_tokens: 50,
        total_tokens: 55,
        completion_tokens_details: { reasoning_tokens: 40, rejected_prediction_tokens: 7 },
      },
      { input: 5, output: 50, reasoning: 40 },
    ],
    [
      'xAI leaves reasoning out of the completion, as the total tells',
      {
        prompt_tokens: 12,
        completion_tokens: 2,
        total_tokens: 334,
        completion_tokens_details: { reasoning_tokens: 320 },
      },
      { input: 12, output: 322, reasoning: 320 },
    ],
    [
      'DeepSeek counts its cache beside the details',
      { prompt_tokens: 30, completion_tokens: 1, prompt_cache_hit_tokens: 20, prompt_cache_miss_tokens: 10 },
      { input: 10, cacheRead: 20, output: 1 },
    ],
    [
      'audio is apart on both sides',
      {
        prompt_tokens: 30,
        completion_tokens: 25,
        prompt_tokens_details: { audio_tokens: 18 },
        completion_tokens_details: { audio_tokens: 20 },
      },
      { input: 12, inputAudio: 18, output: 5, outputAudio: 20 },
    ],
    ['a zero that is stated is a zero', { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 }, {}],
  ])('%s', (_, usage, expected) => expect(readUsage(usage)?.usage).toEqual({ ...NO_USAGE, ...expected }));

  it.each([{}, { prompt_tokens: null }, { prompt_tokens: -1 }, { prompt_tokens: '5' }, { total_tokens: 7 }])(
    'is none where nothing is counted: %j',
    (usage) => expect(readUsage(usage)).toBeUndefined(),
  );

  it('adds up to the prompt and the completion, whatever the details claim', () => {
    fc.assert(
      fc.property(
        count,
        count,
        count,
        count,
        count,
        count,
        count,
        (prompt, completion, cached, written, audio, out, why) => {
          const read = readUsage({
            prompt_tokens: prompt,
            completion_tokens: completion,
            total_tokens: prompt + completion,
            prompt_tokens_details: { cached_tokens: cached, cache_write_tokens: written, audio_tokens: audio },
            completion_tokens_details: { audio_tokens: out, reasoning_tokens: why },
          });
          const classes = TOKEN_CLASSES.map((name) => read?.usage[name] ?? -1);
          expect(classes.every((tokens) => tokens >= 0)).toBe(true);
          expect(classes.reduce((sum, tokens) => sum + tokens)).toBe(prompt + completion);
          expect(read?.contextTokens).toBe(prompt);
          expect(read?.usage.reasoning).toBeLessThanOrEqual(read?.usage.output ?? -1);
        },
      ),
    );
  });

  it.each([
    ['default', 'standard'],
    ['scale', 'standard'],
    ['flex', 'flex'],
    ['priority', 'priority'],
    ['fast', 'priority'],
    ['ultrafast', 'ultrafast'],
    ['auto', undefined],
    [null, undefined],
    ['warp', undefined],
  ])('served as %j counts as %s', (name, tier) => expect(tierNamed(name)).toBe(tier));
});
