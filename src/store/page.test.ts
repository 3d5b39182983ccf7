import { expect, it } from 'vitest';
import { pageFrom, placeAfter } from './page.ts';

const rows = [1n, 2n, 3n].map((place) => ({ place }));
const place = (row: { place: bigint }) => row.place;

it('a page with more rows behind it names the last it shows', () =>
  expect(pageFrom(rows, 2, place)).toEqual({ items: [1n, 2n], next: '2' }));

it('the last page names none', () => {
  expect(pageFrom(rows, 3, place)).toEqual({ items: [1n, 2n, 3n] });
  expect(pageFrom([], 3, place)).toEqual({ items: [] });
});

it.each(['', '-1', '1e3', "1' OR 1=1", '9'.repeat(30)])('a cursor %j is refused', (after) =>
  expect(() => placeAfter({ limit: 1, after })).toThrow('cursor'),
);

it('a list begins at its beginning, or after a place', () => {
  expect(placeAfter({ limit: 1 })).toBe(0n);
  expect(placeAfter({ limit: 1, after: '7' })).toBe(7n);
});
