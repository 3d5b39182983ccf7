import { expect, test } from 'vitest';
import { responseHeaders } from './response-headers.ts';

test.each([
  'content-type',
  'content-length',
  'retry-after',
  'retry-after-ms',
  'request-id',
  'x-request-id',
  'x-should-retry',
  'anthropic-ratelimit-tokens-remaining',
  'openai-processing-ms',
  'x-ratelimit-remaining-requests',
  'x-codex-primary-used-percent',
])('%s goes back to the client', (name) => expect(responseHeaders({ [name]: '1' })).toEqual({ [name]: '1' }));

test.each([
  'Set-Cookie',
  'connection',
  'keep-alive',
  'transfer-encoding',
  'location',
  'www-authenticate',
  'strict-transport-security',
  'access-control-allow-origin',
  'alt-svc',
  'server',
  'x-stipend-cost',
])('%s does not', (name) => expect(responseHeaders({ [name]: '1' })).toEqual({}));

test('what the provider’s Connection names does not', () => {
  expect(responseHeaders({ connection: 'x-hop', 'x-hop': '1' })).toEqual({});
});
