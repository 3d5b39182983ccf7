import { describe, expect, it } from 'vitest';
import { readEnv, setEnv } from './env-text.ts';
import { Uneditable } from './setting.ts';

const set = (name: string, value: string) => ({ path: [name], value });
const values = [set('GEMINI_API_KEY', 'stp_live_x'), set('GOOGLE_GEMINI_BASE_URL', 'http://127.0.0.1:8787/gemini')];

describe('setting variables of a .env file', () => {
  it('makes the file where there is none', () => {
    expect(setEnv(undefined, values)).toBe(
      'GEMINI_API_KEY=stp_live_x\nGOOGLE_GEMINI_BASE_URL=http://127.0.0.1:8787/gemini\n',
    );
  });

  it('keeps comments, other variables and the place of those it changes', () => {
    expect(setEnv('# mine\nexport GEMINI_API_KEY="AIza old"\nNO_TELEMETRY=1 # please', values)).toBe(
      '# mine\nexport GEMINI_API_KEY=stp_live_x\nNO_TELEMETRY=1 # please\nGOOGLE_GEMINI_BASE_URL=http://127.0.0.1:8787/gemini\n',
    );
  });

  it('does not mistake a comment or a longer name for the variable', () => {
    const text = '#GEMINI_API_KEY=a\nMY_GEMINI_API_KEY=b\n';
    expect(setEnv(text, [set('GEMINI_API_KEY', 'c')])).toBe(`${text}GEMINI_API_KEY=c\n`);
  });

  it('changes every assignment of a variable that is set twice', () => {
    expect(setEnv('A=1\nB=2\nA=3\n', [set('A', '4')])).toBe('A=4\nB=2\nA=4\n');
  });

  it('changes nothing the second time, nor the line ends', () => {
    const once = setEnv('A=1\r\n', values);
    expect(once).toBe('A=1\r\nGEMINI_API_KEY=stp_live_x\r\nGOOGLE_GEMINI_BASE_URL=http://127.0.0.1:8787/gemini\r\n');
    expect(setEnv(once, values)).toBe(once);
  });

  it('leaves alone what it cannot change without guessing', () => {
    expect(() => setEnv('A="one\ntwo"\n', [set('A', 'x')])).toThrow(Uneditable);
    expect(() => setEnv('', [set('A', 'needs "quoting"')])).toThrow(Uneditable);
  });
});

describe('reading a variable', () => {
  it.each([
    ['A=1', '1'],
    ['export A="two words"', 'two words'],
    ["A = 'x'", 'x'],
    ['A=1\nA=2', '2'],
    ['#A=1', undefined],
  ])('%j gives %j', (text, value) => expect(readEnv(text, 'A')).toBe(value));
});
