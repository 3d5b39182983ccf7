/** The README's quick start with the real clients in it, word for word. */
import { dirname } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { isClient, Newcomer, quickStart } from '../stage/quick-start.ts';
import { CLIENTS, installTools } from './tools.ts';

const [first = '', ...rest] = quickStart();
let newcomer: Newcomer;

beforeAll(async () => {
  installTools();
  newcomer = await Newcomer.arrive(CLIENTS.map(({ program }) => dirname(program)));
  await newcomer.start(first);
}, 300_000);

afterAll(() => newcomer.leave());

it('each client does its prompt, and the balance and the usage have them', { timeout: 300_000 }, async () => {
  const said: string[] = [];
  for (const command of rest) {
    const { code, output } = await newcomer.type(command);
    expect({ command, code, output }).toMatchObject({ code: 0 });
    if (isClient(command)) expect(output).toMatch(/Stipend sandbox/);
    said.push(output);
  }
  expect(rest.filter(isClient)).toHaveLength(CLIENTS.length);
  const all = said.join('');
  expect(all).toMatch(/^spent +\$0\.\d*[1-9]/m);
  for (const model of [/claude-/, /gpt-/, /gemini-/]) {
    expect(all.split('\n').filter((line) => model.test(line) && line.includes('completed, test'))).not.toEqual([]);
  }
  expect(await newcomer.interrupt()).toBe(0);
});
