/** The guide's table of markers is true and complete. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { faultsIn } from '../../src/sandbox/faults.ts';

const guide = readFileSync(new URL('../../docs/guides/sandbox.md', import.meta.url), 'utf8');
const rows = guide.split('\n').filter((line) => line.startsWith('| `[[sandbox:'));
const markers = rows.flatMap((row) =>
  [...(row.split(' |')[0] ?? '').matchAll(/`(\[\[.+?\]\])`/g)].map(([, marker]) => marker ?? ''),
);

test.each(markers)('%s is a marker', (marker) => expect(faultsIn([marker])).not.toEqual({}));

test('every fault there is has a row', () => {
  const shown = new Set(markers.flatMap((marker) => Object.keys(faultsIn([marker]))));
  expect([...shown].sort()).toEqual([
    'call',
    'delayMs',
    'empty',
    'ending',
    'eventMegabytes',
    'halfUtf8',
    'noUsage',
    'outputTokens',
    'refuse',
    'retryAfterSeconds',
    'status',
    'thinkingTokens',
    'tokensPerSecond',
    'usageAboveLimit',
  ]);
});
