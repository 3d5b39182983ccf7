import { expect, it } from 'vitest';
import { adminKeyWords, type Readiness, readyWords, stoppingWords } from './greeting.ts';

const address = 'http://127.0.0.1:8787';
const sandbox = { anthropic: 'sandbox', openai: 'sandbox', gemini: 'sandbox' };
const ready = (given: Partial<Readiness> = {}) =>
  readyWords({ address, defaultAddress: address, madeAdminKey: false, destinations: sandbox, ...given });

it('the admin key is one line that a shell can run', () => {
  expect(adminKeyWords('stp_admin_1')).toMatch(/^ *export STIPEND_ADMIN_KEY=stp_admin_1$/m);
});

it('a start that made the admin key points to it, a later one asks for it', () => {
  expect(ready({ madeAdminKey: true })).toContain('sign in     with the admin key above\n');
  expect(ready()).toContain('sign in     with your admin key: export STIPEND_ADMIN_KEY=…\n');
});

it('only an address that the command line would not guess has to be told to it', () => {
  expect(ready()).not.toContain('STIPEND_URL');
  expect(ready({ address: 'http://127.0.0.1:9000' })).toContain('export STIPEND_URL=http://127.0.0.1:9000\n');
});

it.each([
  [sandbox, 'none configured: the built-in sandbox answers, on test money'],
  [{ ...sandbox, openai: 'openai' }, 'openai; in place of anthropic, gemini the built-in sandbox'],
  [{ anthropic: 'anthropic', openai: 'openai', gemini: 'gemini' }, 'anthropic, openai, gemini'],
])('says who answers, of %j', (destinations, words) => {
  expect(ready({ destinations })).toContain(`  providers   ${words}\n`);
});

it('a stop says what it waits for', () => {
  expect(stoppingWords(0, 30)).toBe('stipend: stopping\n');
  expect(stoppingWords(1, 30)).toBe('stipend: stopping; 1 call has up to 30 s to end\n');
  expect(stoppingWords(2, 30)).toBe('stipend: stopping; 2 calls have up to 30 s to end\n');
});
