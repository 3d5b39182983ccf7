import { expect, it } from 'vitest';
import { findings, projectFiles } from './files.ts';

const product = projectFiles(/^src\/.*(?<!\.test)\.ts$/);
const MONEY =
  'amount|balance|available|charge[ds]?|cost|dollars?|held|nano\\w*|overrun|paid|pico\\w*|price|spent|total';

it.each([
  ['turns text into a float', /\bparseFloat\b/],
  ['rounds a float for people: money has formatDollars', /\.toFixed\(/],
  ['scales by a float power of ten', /[*/]\s*(1e-?\d+|1(_000){2,}|10{6,})(?![n\d_])/],
  ['turns money into a number', new RegExp(`(?<![\\w.])(Number|parseInt)\\(\\s*[\\w.?]*\\b(${MONEY})\\b`, 'i')],
  ['adds a sign to money', new RegExp(`[=(,]\\s*\\+[\\w.]*\\b(${MONEY})\\b`, 'i')],
  [
    'asks the database for a float',
    /::\s*(float\d*|double precision|real)\b|\b(double precision|float8|real) NOT NULL/i,
  ],
])('no product code %s', (_what, pattern) => {
  expect(findings(product, pattern)).toEqual([]);
});
