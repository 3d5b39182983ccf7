import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { SDKS } from './sdks.ts';

const target = { server: 'http://127.0.0.1:8787', key: 'stp_live_YOUR_KEY' };
const guide = readFileSync(new URL('../../../docs/guides/sdks.md', import.meta.url), 'utf8');

describe.each(SDKS.map((sdk) => [sdk.title, sdk] as const))('the guide of SDKs on %s', (_, sdk) => {
  it('shows its variables', () => {
    for (const [name, value] of Object.entries(sdk.variables(target)))
      expect(guide).toContain(`export ${name}=${value}`);
  });

  it('shows its code, with the key left in the environment', () => {
    for (const { code, language } of sdk.snippets(target)) {
      expect(guide).toContain(`\`\`\`${language}\n${code}\n\`\`\``);
      expect(code).not.toContain(target.key);
    }
  });
});
