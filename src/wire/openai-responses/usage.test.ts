import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NO_USAGE, TOKEN_CLASSES } from '../../core/pricing/usage.ts';
import { imageLine, tierNamed, usageLine } from './usage.ts';

const count = fc.integer({ min: 0, max: 2 ** 40 });

describe('the usage of a response', () => {
  it('is parted into fresh, read and written input, with reasoning inside the output', () => {
    const usage = {
      input_tokens: 8_576,
      input_tokens_details: { cached_tokens: 100, cache_write_tokens: 4_418 },
      output_tokens: 52,
      output_tokens_details: { reasoning_tokens: 32 },
      total_tokens: 8_628,
    };
    expect(usageLine('gpt-5.6-sol', usage)).toEqual({
      model: 'gpt-5.6-sol',
      usage: { ...NO_USAGE, input: 4_058, cacheRead: 100, cacheWrite5m: 4_418, output: 52, reasoning: 32 },
      contextTokens: 8_576,
    });
  });

  it('that is zero is zero, and none that counts nothing', () => {
    expect(usageLine('m', { input_tokens: 0, output_tokens: 0 })?.usage).toEqual(NO_USAGE);
    for (const usage of [{}, { input_tokens: null }, { input_tokens: -1 }, { total_tokens: 5 }]) {
      expect(usageLine('m', usage)).toBeUndefined();
    }
  });

  it('adds up to its input and output, whatever the details claim', () => {
    fc.assert(
      fc.property(count, count, count, count, count, (input, output, cached, written, reasoned) => {
        const line = usageLine('m', {
          input_tokens: input,
          output_tokens: output,
          input_tokens_details: { cached_tokens: cached, cache_write_tokens: written },
          output_tokens_details: { reasoning_tokens: reasoned },
        });
        const classes = TOKEN_CLASSES.map((name) => line?.usage[name] ?? -1);
        expect(classes.every((tokens) => tokens >= 0)).toBe(true);
        expect(classes.reduce((sum, tokens) => sum + tokens)).toBe(input + output);
        expect(line?.usage.reasoning).toBeLessThanOrEqual(output);
      }),
    );
  });

  it.each([
    ['default', 'standard'],
    ['scale', 'standard'],
    ['flex', 'flex'],
    ['fast', 'priority'],
    ['ultrafast', 'ultrafast'],
    ['auto', undefined],
    [null, undefined],
  ])('served as %j counts as %s', (name, tier) => expect(tierNamed(name)).toBe(tier));
});

describe('images drawn for a response', () => {
  const drawn = (image_gen: object, tools: object[] = []) => imageLine({ tool_usage: { image_gen }, tools });

  it('are a line of the model that drew them', () => {
    const used = {
      input_tokens: 50,
      input_tokens_details: { image_tokens: 30, text_tokens: 20 },
      output_tokens: 1_056,
      output_tokens_details: { image_tokens: 1_050, text_tokens: 6 },
    };
    expect(drawn(used, [{ type: 'web_search' }, { type: 'image_generation', model: 'gpt-image-2' }])).toEqual({
      model: 'gpt-image-2',
      usage: { ...NO_USAGE, input: 20, inputImage: 30, output: 6, outputImage: 1_050 },
      contextTokens: 50,
    });
    expect(drawn(used)?.model).toBe('gpt-image-1');
  });

  it('are image tokens where no detail says otherwise, and no line where nothing was drawn', () => {
    expect(drawn({ input_tokens: 5, output_tokens: 9 })?.usage).toEqual({ ...NO_USAGE, input: 5, outputImage: 9 });
    expect(drawn({ input_tokens: 0, output_tokens: 0 })).toBeUndefined();
    expect(imageLine({})).toBeUndefined();
  });
});
