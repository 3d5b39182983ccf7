import fc from 'fast-check';
import { expect, it } from 'vitest';
import { IDS } from './ids.ts';

it('a fresh id is a UUIDv7 of now, never the same', () => {
  const before = Date.now();
  const ids = Array.from({ length: 1_000 }, () => IDS.fresh());
  for (const id of ids) {
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    const at = Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
    expect(at >= before && at <= Date.now()).toBe(true);
  }
  expect(new Set(ids).size).toBe(ids.length);
});

it('a derived id is a UUIDv8, the same for the same text only', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (one, other) => {
      expect(IDS.derived(one)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      expect(IDS.derived(one) === IDS.derived(other)).toBe(one === other);
    }),
  );
});
