import { expect, it } from 'vitest';
import { z } from 'zod';
import { Refused } from '../core/errors.ts';
import { checked } from './checked.ts';

const schema = z.strictObject({ name: z.string(), limits: z.strictObject({ models: z.array(z.string()) }).optional() });

function faults(value: unknown): readonly string[] {
  try {
    checked(schema, value);
  } catch (error) {
    if (error instanceof Refused) return (error.refusal.problems ?? []).map(({ pointer }) => pointer);
  }
  return [];
}

it('what fits comes back', () => expect(checked(schema, { name: 'a' })).toEqual({ name: 'a' }));

it.each([
  [{}, ['/name']],
  [{ name: 1, role: 'admin', 'a/b~c': 1 }, ['/name', '/role', '/a~1b~0c']],
  [{ name: 'a', limits: { models: ['x', 1], extra: 1 } }, ['/limits/models/1', '/limits/extra']],
])('every fault of %j has its place', (value, pointers) => expect(faults(value)).toEqual(pointers));
