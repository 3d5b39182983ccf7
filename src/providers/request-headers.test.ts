import { expect, test } from 'vitest';
import { requestHeaders, sandboxHeaders } from './request-headers.ts';

const sent = (client: Record<string, string>) => requestHeaders(client, 'openai', 'sk-company', 'here');

test.each([
  'Authorization',
  'x-api-key',
  'api-key',
  'x-goog-api-key',
  'proxy-authorization',
  'cookie',
  'openai-organization',
  'openai-project',
  'chatgpt-account-id',
  'x-goog-user-project',
])('a client’s %s does not reach a provider or the sandbox', (name) => {
  const value = 'the client’s own';
  expect(Object.values(sent({ [name]: value }))).not.toContain(value);
  expect(Object.values(sandboxHeaders({ [name]: value }))).not.toContain(value);
});

test.each([
  'host',
  'content-length',
  'transfer-encoding',
  'connection',
  'keep-alive',
  'te',
  'trailer',
  'upgrade',
  'expect',
  'content-encoding',
])('%s is of the client’s connection and does not pass', (name) => {
  expect(sent({ [name]: 'x' })).not.toHaveProperty(name);
});

test.each([
  'forwarded',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-real-ip',
  'via',
  'cf-access-jwt-assertion',
  'x-amzn-oidc-data',
  'true-client-ip',
  'origin',
  'referer',
  'sec-fetch-site',
  'x-stipend-tags',
  'x-http-method-override',
  'x-original-url',
])('%s does not pass', (name) => expect(sent({ [name]: 'x' })).not.toHaveProperty(name));

test.each([
  'content-type',
  'accept',
  'user-agent',
  'anthropic-beta',
  'openai-beta',
  'x-stainless-lang',
  'x-claude-code-session-id',
  'originator',
  'session_id',
  'x-goog-api-client',
])('%s passes as it came', (name) => expect(sent({ [name]: 'as it came' })).toHaveProperty(name, 'as it came'));

test('a header that Connection names is of the connection, and so does not pass', () => {
  const headers = sent({ connection: 'close, X-Trick', 'x-trick': '1', 'x-kept': '1' });
  expect(headers).not.toHaveProperty('x-trick');
  expect(headers).toHaveProperty('x-kept', '1');
});

test('Connection cannot take off what is put on', () => {
  const headers = sent({ connection: 'authorization, accept-encoding' });
  expect(headers).toMatchObject({ authorization: 'Bearer sk-company', 'accept-encoding': 'identity' });
});

test('each provider gets the company’s key where it wants it, and only there', () => {
  expect(requestHeaders({}, 'anthropic', 'k', 'here')).toEqual({
    'x-api-key': 'k',
    'anthropic-version': '2023-06-01',
    'accept-encoding': 'identity',
    'x-stipend-instance': 'here',
  });
  expect(requestHeaders({}, 'openai', 'k', 'here')).toEqual({
    authorization: 'Bearer k',
    'accept-encoding': 'identity',
    'x-stipend-instance': 'here',
  });
  expect(requestHeaders({}, 'gemini', 'k', 'here')).toEqual({
    'x-goog-api-key': 'k',
    'accept-encoding': 'identity',
    'x-stipend-instance': 'here',
  });
});

test('the client’s own version of the Messages API is kept', () => {
  const headers = requestHeaders({ 'anthropic-version': '2026-10-21' }, 'anthropic', 'k', 'here');
  expect(headers).toHaveProperty('anthropic-version', '2026-10-21');
});

test('answers are asked for unencoded, whatever the client takes', () => {
  expect(sent({ 'accept-encoding': 'gzip, br' })).toHaveProperty('accept-encoding', 'identity');
});

test('the installations a request has passed are listed, ours last', () => {
  expect(sent({ 'x-stipend-instance': 'there' })).toHaveProperty('x-stipend-instance', 'there,here');
});
