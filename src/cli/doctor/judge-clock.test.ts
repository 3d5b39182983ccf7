import { describe, expect, it } from 'vitest';
import { judgeClock } from './judge-clock.ts';

const header = 'Mon, 23 Nov 2026 22:30:00 GMT';
const at = Date.parse(header);

describe('the clocks', () => {
  it.each([0, 60_000, -60_000])('%d ms apart agree', (skew) => {
    expect(judgeClock(header, at + skew).state).toBe('well');
  });

  it('a minute apart and more do not, and the direction is told', () => {
    expect(judgeClock(header, at + 90_000).what).toBe('This machine’s clock is 90 s ahead of the server’s.');
    expect(judgeClock(header, at - 3_600_000)).toMatchObject({
      state: 'ill',
      what: 'This machine’s clock is 3600 s behind the server’s.',
    });
  });

  it('cannot be told apart without the server’s time', () => expect(judgeClock(null, at).state).toBe('aside'));
});
