import { describe, expect, it } from 'vitest';
import { findRoute, GEMINI_ACTIONS, queryWithoutKey, splitTarget } from './route.ts';

const found = (method: string, target: string, headers = {}) => findRoute(method, target, headers);

describe('a route', () => {
  it.each([
    ['POST', '/v1/messages', 'anthropic-messages', 'metered', '/v1/messages'],
    ['POST', '/v1/messages?beta=true', 'anthropic-messages', 'metered', '/v1/messages?beta=true'],
    ['POST', '/anthropic/v1/messages', 'anthropic-messages', 'metered', '/v1/messages'],
    ['POST', '/v1/messages/count_tokens', 'anthropic-messages', 'free', '/v1/messages/count_tokens'],
    ['POST', '/v1/chat/completions', 'openai-chat', 'metered', '/v1/chat/completions'],
    ['POST', '/openai/v1/responses', 'openai-responses', 'metered', '/v1/responses'],
    ['POST', '/v1/embeddings', 'openai-embeddings', 'metered', '/v1/embeddings'],
    ['GET', '/v1/models', 'openai-chat', 'models', '/v1/models'],
    ['GET', '/gemini/v1beta/models', 'gemini', 'models', '/v1beta/models'],
    ['POST', 'http://elsewhere.example/v1/messages', 'anthropic-messages', 'metered', '/v1/messages'],
  ])('%s %s is spoken on %s', (method, target, wire, kind, upstreamPath) => {
    expect(found(method, target)).toMatchObject({ wire, kind, upstreamPath });
  });

  it.each(Object.entries(GEMINI_ACTIONS))('reads the model out of a Gemini path for %s', (action, kind) => {
    expect(found('POST', `/v1beta/models/gemini-2.5-pro:${action}?alt=sse&key=stp_live_x`)).toMatchObject({
      wire: 'gemini',
      kind,
      action,
      model: 'gemini-2.5-pro',
      upstreamPath: `/v1beta/models/gemini-2.5-pro:${action}?alt=sse`,
    });
  });

  it('lists models in the dialect that the version header tells', () => {
    expect(found('GET', '/v1/models', { 'anthropic-version': '2023-06-01' })).toMatchObject({
      wire: 'anthropic-messages',
    });
  });

  it.each([
    '//v1/messages',
    '/v1//messages',
    '/v1/messages/',
    '/v1/../v1/messages',
    '/v1%2Fmessages',
    '/v1/%6Dessages',
    '/v1/%zz',
    '/V1/messages',
    '/anthropicx/v1/messages',
    '/openai/v1/messages',
    '/gemini/v1/chat/completions',
    '/v1/messages/batches',
    '/v1/files',
    '/v1beta/models/gemini-2.5-pro:deleteEverything',
    '/v1beta/models/a/b:generateContent',
    '/v1beta/models/gemini:constructor',
  ])('is not guessed from %s', (target) => {
    expect(found('POST', target)).toMatchObject({ reason: 'not_found' });
  });

  it('tells a wrong method from a wrong path', () => {
    expect(found('GET', '/v1/messages')).toMatchObject({ wire: 'anthropic-messages', reason: 'method_not_allowed' });
    expect(found('GET', '/v1beta/models/gemini-2.5-pro:generateContent')).toMatchObject({
      reason: 'method_not_allowed',
    });
  });

  it('never hands our key on to a provider', () => {
    expect(queryWithoutKey('key=stp_live_secret&alt=sse&key=2')).toBe('alt=sse');
    expect(splitTarget('https://host')).toEqual({ path: '/', query: '' });
  });
});
