import { describe, expect, it } from 'vitest';
import { CLIENTS, edited } from '../connect/clients.ts';
import { judgeClient } from './judge-client.ts';

const server = 'http://127.0.0.1:8787';
const key = 'stp_live_x';
const home = { HOME: '/home/ada' };

describe.each(CLIENTS.map((client) => [client.title, client] as const))('%s', (_, client) => {
  const files = client.files(home, { server, key });
  const texts = files.map((file) => edited(file, undefined));
  const facts = { version: '1.2.3', texts };

  it('set up by `connect` is well', () => {
    expect(judgeClient(client, facts, home, { server, key })).toMatchObject({ state: 'well' });
    expect(judgeClient(client, facts, home, { server })).toMatchObject({ state: 'well' });
  });

  it('that is not there, or not set up, is nothing to mend', () => {
    expect(judgeClient(client, { texts }, home, { server, key })).toMatchObject({ state: 'aside' });
    const bare = { version: '1.2.3', texts: files.map(() => undefined) };
    expect(judgeClient(client, bare, home, { server, key })).toMatchObject({
      state: 'aside',
      todo: `stipend connect ${client.name} --write`,
    });
  });

  it('with another key is ill, and says how to mend it', () => {
    expect(judgeClient(client, facts, home, { server, key: 'stp_live_y' })).toMatchObject({
      state: 'ill',
      what: expect.stringContaining('another key'),
      todo: `stipend connect ${client.name} --write`,
    });
  });

  it('misled by the shell is ill, unless the shell says the same', () => {
    const [name] = client.quarrels;
    if (name === undefined) return;
    expect(judgeClient(client, facts, { ...home, [name]: 'sk-other' }, { server, key })).toMatchObject({
      state: 'ill',
      todo: `unset ${name}`,
    });
  });
});

describe('Gemini CLI', () => {
  const [client] = CLIENTS.filter(({ name }) => name === 'gemini-cli');

  it('half set up is ill, and the same variables in the shell are no quarrel', () => {
    if (!client) throw new Error('no such client');
    const [env] = client.files(home, { server, key }).map((file) => edited(file, undefined));
    const half = { version: '0.61.0', texts: [env, undefined] };
    expect(judgeClient(client, half, home, { server, key })).toMatchObject({ state: 'ill' });
    const whole = {
      version: '0.61.0',
      texts: client.files(home, { server, key }).map((file) => edited(file, undefined)),
    };
    const shell = { ...home, GEMINI_API_KEY: key, GOOGLE_GEMINI_BASE_URL: `${server}/gemini` };
    expect(judgeClient(client, whole, shell, { server, key })).toMatchObject({ state: 'well' });
  });
});
