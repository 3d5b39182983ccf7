import { expect, test } from 'vitest';
import { hopsLeaving, isLoop } from './hops.ts';

test('a call that comes back to where it left is a loop', () => {
  const leaving = hopsLeaving('here', undefined);
  expect(isLoop('here', leaving)).toBe(true);
  expect(isLoop('elsewhere', leaving)).toBe(false);
});

test('a call that comes back by way of another Stipend is a loop', () => {
  expect(isLoop('here', hopsLeaving('elsewhere', hopsLeaving('here', undefined)))).toBe(true);
});

test('a request that has passed no Stipend is no loop', () => {
  expect(isLoop('here', undefined)).toBe(false);
  expect(isLoop('here', '')).toBe(false);
});

test('a chain of nine is a loop, whoever is in it', () => {
  let header: string | undefined;
  for (const hop of ['a', 'b', 'c', 'd', 'e', 'f', 'g']) header = hopsLeaving(hop, header);
  expect(isLoop('here', header)).toBe(false);
  expect(isLoop('here', hopsLeaving('h', header))).toBe(true);
});

test('what is no name of an installation is neither counted nor passed on', () => {
  expect(hopsLeaving('here', 'a b, \u0000,,<script>')).toBe('here');
  expect(hopsLeaving('here', 'x'.repeat(10_000))).toBe('here');
});
