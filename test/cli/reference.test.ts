import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { cliReference } from '../../scripts/cli-reference.ts';

it('docs/reference/cli.md says what the commands say: else run `node scripts/cli-reference.ts > docs/reference/cli.md`', () => {
  expect(readFileSync(new URL('../../docs/reference/cli.md', import.meta.url), 'utf8')).toBe(cliReference());
});
