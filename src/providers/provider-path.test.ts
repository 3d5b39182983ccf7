import { expect, test } from 'vitest';
import type { ProviderName } from '../app/ports.ts';
import { providerPath } from './provider-path.ts';

const cases: readonly (readonly [ProviderName, base: string, path: string, sent: string])[] = [
  ['openai', '/v1', '/v1/chat/completions', '/v1/chat/completions'],
  ['openai', '/openai/v1/', '/v1/responses?stream=true', '/openai/v1/responses?stream=true'],
  ['openai', '/', '/v1/models', '/models'],
  ['anthropic', '/', '/v1/messages?beta=true', '/v1/messages?beta=true'],
  ['anthropic', '/proxy', '/v1/messages', '/proxy/v1/messages'],
  [
    'gemini',
    '/',
    '/v1beta/models/gemini-2.5-pro:streamGenerateContent?alt=sse',
    '/v1beta/models/gemini-2.5-pro:streamGenerateContent?alt=sse',
  ],
];

test.each(cases)('%s at %s: %s goes to %s', (provider, base, path, sent) => {
  expect(providerPath(provider, base, path)).toBe(sent);
});

test.each([
  '?key=stp_live_x',
  '?alt=sse&key=stp_live_x',
  '?%6bey=stp_live_x',
  '?KEY=stp_live_x',
  '?access_token=stp_live_x',
])('a credential in the query %s does not leave', (query) =>
  expect(providerPath('gemini', '/', `/v1beta/models/m:generateContent${query}`)).not.toContain('stp_live_x'),
);

test.each([
  '/v1/../admin',
  '/v1//models',
  '/v1/%2e%2e/x',
  '/v1/models/.',
  '/metrics',
  'v1/models',
  '//evil.example/v1/',
  '/v1/a b',
])('%s is no path of a provider', (path) => expect(providerPath('openai', '/v1', path)).toBeUndefined());
