import { describe, expect, it } from 'vitest';
import { attribution, clientKind } from './client.ts';

describe('a client', () => {
  it.each([
    [{ originator: 'codex_exec' }, 'codex'],
    [{ 'user-agent': 'codex_exec/0.169.0 (Debian)' }, 'codex'],
    [{ 'user-agent': 'claude-cli/2.1' }, 'other'],
    [{ 'user-agent': 'not-codex' }, 'other'],
    [{}, 'other'],
  ])('%o is spelt for as %s', (headers, kind) => expect(clientKind(headers)).toBe(kind));

  it('is attributed by its own session and agent ids, cut to a sane length', () => {
    expect(attribution({ 'x-claude-code-session-id': 's1', 'x-claude-code-agent-id': 'a1' })).toEqual({
      session: 's1',
      agent: 'a1',
    });
    expect(attribution({ session_id: 'c'.repeat(999) }).session).toHaveLength(200);
    expect(attribution({})).toEqual({});
  });
});
