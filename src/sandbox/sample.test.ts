import { expect, test } from 'vitest';
import { sampleOf } from './sample.ts';

test.each<[string, unknown, unknown]>([
  ['an enum’s first', { type: 'string', enum: ['flash', 'pro'] }, 'flash'],
  ['a constant', { const: 7 }, 7],
  ['a default', { type: 'string', default: 'metric' }, 'metric'],
  ['the least number', { type: 'integer', minimum: 3, maximum: 100 }, 3],
  ['the type that is not null', { type: ['null', 'number'] }, 0.5],
  ['the branch that is not null', { anyOf: [{ type: 'null' }, { type: 'boolean' }] }, true],
  [
    'no more elements than are demanded',
    { type: 'array', items: { type: 'string' }, minItems: 2 },
    ['sandbox', 'sandbox'],
  ],
  ['a date', { type: 'string', format: 'date' }, '2026-01-01'],
  ['what its reference says', { $ref: '#/$defs/a', $defs: { a: { type: 'integer' } } }, 1],
  [
    'required properties only, in Gemini’s spelling too',
    { type: 'OBJECT', properties: { city: { type: 'STRING' }, unit: { type: 'STRING' } }, required: ['city'] },
    { city: 'sandbox' },
  ],
])('a sample is %s', (_what, schema, expected) => expect(sampleOf(schema)).toEqual(expected));

test('a schema that refers to itself without end has a sample all the same', () => {
  const endless = { type: 'object', properties: { next: { $ref: '#' } }, required: ['next'] };
  expect(JSON.stringify(sampleOf(endless))).toMatch(/null\}+$/);
});
