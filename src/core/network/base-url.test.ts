import { expect, test } from 'vitest';
import { baseUrlProblem } from './base-url.ts';

test.each([
  'https://api.openai.com/v1',
  'http://8.8.8.8',
  'https://llm.example.com:8443/anthropic',
  'https://api.x.ai/',
])('%s may be a base URL', (text) => expect(baseUrlProblem(text, false)).toBeUndefined());

test.each([
  'http://127.0.0.1:8787',
  'http://169.254.169.254/latest',
  'http://[::1]:80',
  'http://[::ffff:127.0.0.1]',
  'http://0x7f000001',
  'http://2130706433',
  'http://127.1',
  'http://localhost:3000',
  'http://localhost.',
  'http://LOCALHOST',
  'http://a.localhost',
  'http://metadata.google.internal',
  'http://printer.local',
])('%s is inside the network: refused unless the operator allows private addresses', (text) => {
  expect(baseUrlProblem(text, false)).toBe('names a private or loopback address');
  expect(baseUrlProblem(text, true)).toBeUndefined();
});

test.each([
  ['', 'is not a URL'],
  ['api.openai.com', 'is not a URL'],
  ['file:///etc/passwd', 'must begin with https:// or http://'],
  ['gopher://example.com', 'must begin with https:// or http://'],
  ['https://api.openai.com@example.com', 'must not carry a user name or password'],
  ['https://@example.com', 'must not carry a user name or password'],
  ['https://user:secret@example.com', 'must not carry a user name or password'],
  ['https://example.com/#', 'must end with its path: no question mark, no #'],
  ['https://example.com/v1?key=1', 'must end with its path: no question mark, no #'],
])('%j %s, whatever is allowed', (text, problem) => {
  expect(baseUrlProblem(text, false)).toBe(problem);
  expect(baseUrlProblem(text, true)).toBe(problem);
});
