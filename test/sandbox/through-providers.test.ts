/** A product with no provider key: calls go out through the providers' door and are answered by the sandbox. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ProviderName, UpstreamFailure } from '../../src/app/ports.ts';
import { ProviderUpstreams } from '../../src/providers/upstreams.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/server.ts';

let sandbox: Sandbox;
let upstreams: ProviderUpstreams;

beforeAll(async () => {
  sandbox = await startSandbox();
  upstreams = new ProviderUpstreams({
    providers: { anthropic: null, openai: null, gemini: null },
    sandboxOrigin: sandbox.origin,
    allowPrivate: false,
    instance: 'here',
  });
});
afterAll(async () => {
  await upstreams.close();
  await sandbox.stop();
});

function call(provider: ProviderName, path: string, request: object) {
  const { promise, resolve } = Promise.withResolvers<{ status: number; text: string; failure?: UpstreamFailure }>();
  const heard = { status: 0, text: '' };
  const decoder = new TextDecoder();
  const body = new TextEncoder().encode(JSON.stringify(request));
  const headers = { 'content-type': 'application/json', authorization: 'Bearer stp_live_x' };
  upstreams.start(
    { provider, destination: 'sandbox', method: 'POST', path, headers, body },
    {
      head: (status) => {
        heard.status = status;
      },
      data: (chunk) => {
        heard.text += decoder.decode(chunk, { stream: true });
        return true;
      },
      ended: () => resolve(heard),
      failed: (failure) => resolve({ ...heard, failure }),
    },
  );
  return promise;
}

const message = (content: string) => ({
  model: 'm',
  max_tokens: 100,
  stream: true,
  messages: [{ role: 'user', content }],
});

test.each<[ProviderName, string, object, RegExp]>([
  ['anthropic', '/v1/messages?beta=true', message('hi'), /message_stop/],
  ['openai', '/v1/chat/completions', message('hi'), /\[DONE\]/],
  ['openai', '/v1/responses', { model: 'gpt-5', input: 'hi', stream: true }, /response\.completed/],
  ['openai', '/v1/embeddings', { model: 'text-embedding-3-small', input: 'hi' }, /prompt_tokens/],
  [
    'gemini',
    '/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse',
    { contents: [{ role: 'user', parts: [{ text: 'hi' }] }] },
    /finishReason/,
  ],
])('%s %s is answered', async (provider, path, request, end) => {
  const { status, text, failure } = await call(provider, path, request);
  expect(failure).toBeUndefined();
  expect(status).toBe(200);
  expect(text).toMatch(end);
});

test('what breaks in the sandbox is told as what breaks at a provider', async () => {
  const broken = (directive: string) => call('anthropic', '/v1/messages', message(`[[sandbox: ${directive}]]`));
  expect(await broken('reset after 0 events')).toMatchObject({ failure: { kind: 'reset', sent: true } });
  expect(await broken('reset after 3 events')).toMatchObject({ status: 200, failure: { kind: 'reset', sent: true } });
  expect(await broken('529')).toMatchObject({ status: 529 });
  const cut = await broken('cut after 3 events');
  expect(cut.failure).toBeUndefined();
  expect(cut.text).not.toContain('message_stop');
});
