import { describe, expect, it } from 'vitest';
import { paint, wantsColour } from './paint.ts';

describe('colour', () => {
  it('is for terminals', () => {
    expect(wantsColour({ isTTY: true }, {})).toBe(true);
    expect(wantsColour({}, {})).toBe(false);
  });

  it('is off when NO_COLOR or a dumb terminal says so', () => {
    expect(wantsColour({ isTTY: true }, { NO_COLOR: '1' })).toBe(false);
    expect(wantsColour({ isTTY: true }, { TERM: 'dumb' })).toBe(false);
  });

  it('that is not wanted leaves the text alone', () => {
    expect(paint('ok', 'green', false)).toBe('ok');
    expect(paint('ok', 'green', true)).toBe('\u001b[32mok\u001b[0m');
  });
});
