import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { openLog } from './log.ts';

const folder = mkdtempSync(join(tmpdir(), 'stipend-log-'));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('an error is written with its causes and code, and nothing that a library hung on it', () => {
  const path = join(folder, 'log');
  const cause = Object.assign(new Error('refused'), { code: 'ECONNREFUSED', client: { password: 'of the database' } });
  openLog(path).error('the store is away', { attempt: 2, error: new Error('no answer', { cause }) });
  const line = readFileSync(path, 'utf8');
  expect(JSON.parse(line)).toMatchObject({
    level: 'error',
    msg: 'the store is away',
    attempt: 2,
    error: { message: 'no answer', cause: { message: 'refused', code: 'ECONNREFUSED' } },
  });
  expect(line).not.toContain('of the database');
});
