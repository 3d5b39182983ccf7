import { expect, test } from 'vitest';
import { type Faults, faultsIn } from './faults.ts';
import { Unacceptable } from './prompt.ts';

test.each<[string, Faults]>([
  ['delay 500ms', { delayMs: 500 }],
  ['slow 20 tokens/s', { tokensPerSecond: 20 }],
  ['status 429 retry-after 2', { status: 429, retryAfterSeconds: 2 }],
  ['status 503', { status: 503 }],
  ['529', { status: 529 }],
  ['reset after 3 events', { ending: { kind: 'reset', afterEvents: 3 } }],
  ['cut after 1 event', { ending: { kind: 'cut', afterEvents: 1 } }],
  ['hang', { ending: { kind: 'hang', afterEvents: 0 } }],
  ['hang after 2 events', { ending: { kind: 'hang', afterEvents: 2 } }],
  ['error event', { ending: { kind: 'error', afterEvents: 3 } }],
  ['error event after 5 events', { ending: { kind: 'error', afterEvents: 5 } }],
  ['empty', { empty: true }],
  ['no usage', { noUsage: true }],
  ['usage above limit', { usageAboveLimit: true }],
  ['half utf-8', { halfUtf8: true }],
  ['refuse', { refuse: true }],
  ['output 100 tokens', { outputTokens: 100 }],
  ['think 40 tokens', { thinkingTokens: 40 }],
  ['event 10 MB', { eventMegabytes: 10 }],
  ['call get_weather', { call: { name: 'get_weather' } }],
  [
    'call get_weather {"city":"Oslo","days":[1,2]}',
    { call: { name: 'get_weather', arguments: '{"city":"Oslo","days":[1,2]}' } },
  ],
  ['output 5 tokens, no usage, delay 1 ms', { outputTokens: 5, noUsage: true, delayMs: 1 }],
])('[[sandbox: %s]]', (directive, faults) => {
  expect(faultsIn([`Say hi [[sandbox: ${directive}]] please`])).toEqual(faults);
});

test('markers add up, wherever they stand', () => {
  expect(faultsIn(['[[sandbox: empty]] a [[sandbox:hang]]', 'b', '[[sandbox: delay 1ms]]'])).toEqual({
    empty: true,
    ending: { kind: 'hang', afterEvents: 0 },
    delayMs: 1,
  });
});

test('a text without a marker asks for nothing', () => {
  expect(faultsIn(['say hi', 'what is [[sandbox]]?'])).toEqual({});
});

test.each([
  'exploded',
  'delay',
  'status 200',
  'output many tokens',
  'output 1000000 tokens',
  'event 17 MB',
  'delay 900000ms',
])('[[sandbox: %s]] is not known, and said so', (directive) =>
  expect(() => faultsIn([`[[sandbox: ${directive}]]`])).toThrow(Unacceptable),
);
