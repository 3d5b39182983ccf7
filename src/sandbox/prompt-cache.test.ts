import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Segment } from './prompt.ts';
import { type Caching, PromptCache } from './prompt-cache.ts';

const MARKED: Caching = { kind: 'marked' };
const AUTOMATIC: Caching = { kind: 'automatic', writes: false };
const NONE = { cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0 };

const part = (text: string, tokens: number, cache?: '5m' | '1h'): Segment =>
  cache === undefined ? { text, tokens } : { text, tokens, cache };

function cacheAt(start = 0) {
  const clock = { now: start };
  return { clock, cache: new PromptCache(() => clock.now) };
}

test('a marked prefix is written once and read after, and what follows it is fresh', () => {
  const { cache } = cacheAt();
  const system = part('system', 2000, '5m');
  expect(cache.use('m', [system, part('one', 10)], MARKED)).toEqual({ ...NONE, input: 10, cacheWrite5m: 2000 });
  expect(cache.use('m', [system, part('two', 20)], MARKED)).toEqual({ ...NONE, input: 20, cacheRead: 2000 });
});

test('what grows beyond the prefix that is known is written, for as long as its mark says', () => {
  const { cache } = cacheAt();
  cache.use('m', [part('a', 1500, '1h')], MARKED);
  expect(cache.use('m', [part('a', 1500, '1h'), part('b', 300, '5m'), part('c', 7)], MARKED)).toEqual({
    input: 7,
    cacheRead: 1500,
    cacheWrite5m: 300,
    cacheWrite1h: 0,
  });
});

test.each(['5m', '1h'] as const)('a prefix marked %s is forgotten after that, and kept by being read', (life) => {
  const { clock, cache } = cacheAt();
  const lifeMs = life === '5m' ? 300_000 : 3_600_000;
  const read = () => cache.use('m', [part('a', 2000, life)], MARKED).cacheRead;
  expect(read()).toBe(0);
  clock.now += lifeMs - 1;
  expect(read()).toBe(2000);
  clock.now += lifeMs - 1;
  expect(read()).toBe(2000);
  clock.now += lifeMs;
  expect(read()).toBe(0);
});

test('short prefixes and unmarked ones are not cached', () => {
  const { cache } = cacheAt();
  for (const _ of [1, 2]) {
    expect(cache.use('m', [part('a', 1023, '5m')], MARKED)).toEqual({ ...NONE, input: 1023 });
    expect(cache.use('m', [part('b', 5000)], MARKED)).toEqual({ ...NONE, input: 5000 });
    expect(cache.use('m', [part('c', 1023)], AUTOMATIC)).toEqual({ ...NONE, input: 1023 });
  }
});

test('an automatic cache is read in steps of 128 tokens and leaves something fresh', () => {
  const { cache } = cacheAt();
  expect(cache.use('m', [part('a', 1280)], AUTOMATIC)).toEqual({ ...NONE, input: 1280 });
  expect(cache.use('m', [part('a', 1280)], AUTOMATIC)).toEqual({ ...NONE, input: 128, cacheRead: 1152 });
  expect(cache.use('m', [part('a', 1280), part('b', 50)], AUTOMATIC)).toEqual({ ...NONE, input: 50, cacheRead: 1280 });
});

test('a model that tells its cache writes tells them', () => {
  const { cache } = cacheAt();
  const writes: Caching = { kind: 'automatic', writes: true };
  expect(cache.use('m', [part('a', 1300)], writes)).toEqual({ ...NONE, input: 20, cacheWrite5m: 1280 });
  expect(cache.use('m', [part('a', 1300)], writes)).toEqual({ ...NONE, input: 20, cacheRead: 1280 });
});

test('another scope, or another beginning, shares nothing', () => {
  const { cache } = cacheAt();
  cache.use('m', [part('a', 2000, '5m')], MARKED);
  expect(cache.use('n', [part('a', 2000, '5m')], MARKED).cacheRead).toBe(0);
  expect(cache.use('m', [part('x', 1), part('a', 2000, '5m')], MARKED).cacheRead).toBe(0);
});

test('the classes are never negative and add up to the input', () => {
  const segment = fc
    .record({ text: fc.constantFrom('a', 'b'), tokens: fc.nat(3000) })
    .chain(({ text, tokens }) =>
      fc.constantFrom<Segment>(part(text, tokens), part(text, tokens, '5m'), part(text, tokens, '1h')),
    );
  const caching = fc.constantFrom(MARKED, AUTOMATIC, { kind: 'automatic', writes: true } as const);
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.array(segment), caching), { maxLength: 8 }), (uses) => {
      const { cache } = cacheAt();
      for (const [segments, how] of uses) {
        const classes = Object.values(cache.use('m', segments, how));
        expect(Math.min(...classes)).toBeGreaterThanOrEqual(0);
        expect(classes.reduce((sum, each) => sum + each, 0)).toBe(segments.reduce((sum, each) => sum + each.tokens, 0));
      }
    }),
  );
});
