/** The README's quick start against the real product. What needs the providers' clients is in test/clients. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isClient, Newcomer, quickStart } from '../stage/quick-start.ts';

const README = readFileSync(fileURLToPath(new URL('../../README.md', import.meta.url)), 'utf8');

describe('the quick start', () => {
  const [first = '', ...rest] = quickStart();
  let newcomer: Newcomer;
  let greeting: string;

  beforeAll(async () => {
    newcomer = await Newcomer.arrive();
    greeting = await newcomer.start(first);
  });
  afterAll(() => newcomer.leave());

  it('begins with npm start, which prints where it listens and an admin key', () => {
    expect(first).toBe('npm start');
    expect(greeting).toMatch(/^Stipend is ready at http:\/\/127\.0\.0\.1:\d+/m);
    expect(greeting).toMatch(/^ *export STIPEND_ADMIN_KEY=stp_admin_\w+$/m);
  });

  it('does every step after it, in order', async () => {
    const outputs: Record<string, string> = {};
    for (const command of rest.filter((each) => !isClient(each))) {
      const { code, output } = await newcomer.type(command);
      expect({ command, code, output }).toMatchObject({ code: 0 });
      outputs[command] = output;
    }
    const all = Object.values(outputs).join('');
    expect(all).toMatch(/Granted \$48,000\.00 \(50% of base salary\)/);
    expect(all).toMatch(/stp_live_\w+/);
    for (const client of ['claude', 'codex', 'gemini']) expect(all).toMatch(new RegExp(`Now try it: ${client} `));
    expect(outputs['npx stipend balance']).toMatch(/available +\$48,000\.00[\s\S]*test money/);
  });

  it('names every client’s first prompt as stipend connect does', async () => {
    const prompts = rest.filter(isClient);
    const connected = rest.filter((each) => each.includes(' connect '));
    expect(prompts).toHaveLength(connected.length);
    for (const [index, command] of connected.entries()) {
      const { output } = await newcomer.type(command.replace(' --write', ''));
      expect(output).toContain(`Then try it: ${prompts[index]}`);
    }
  });

  it('shows in its transcript only what the product still says', async () => {
    const { output } = await newcomer.type('npx stipend balance');
    const [, shown = ''] = /^\$ npx stipend balance\n([\s\S]*?)^(?:\$|```)/m.exec(README) ?? [];
    const words = (text: string) => [...text.matchAll(/^[a-z]+/gm)].map(([word]) => word);
    expect(words(shown).length).toBeGreaterThan(2);
    expect(words(output)).toEqual(expect.arrayContaining(words(shown)));
  });

  it('ends with Ctrl-C, in good order', async () => {
    expect(await newcomer.interrupt()).toBe(0);
  });
});
