import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readJson, setJson } from './json-text.ts';
import { Uneditable } from './setting.ts';

const url = { path: ['env', 'ANTHROPIC_BASE_URL'], value: 'http://127.0.0.1:8787/anthropic' };
const key = { path: ['env', 'ANTHROPIC_AUTH_TOKEN'], value: 'stp_live_x' };

const own = `{
    // how I like it
    "model": "opus", /* never the small one */
    "permissions": { "allow": ["Bash(ls:*)"], },
    "env": {
        "EDITOR": "vi", // not emacs
        "ANTHROPIC_BASE_URL": "https://old.example.com" // the old gateway
    } // end of env
}
`;

describe('setting members of a JSON file', () => {
  it('makes the file where there is none', () => {
    expect(setJson(undefined, [url, key])).toBe(`{
  "env": {
    "ANTHROPIC_BASE_URL": "http://127.0.0.1:8787/anthropic",
    "ANTHROPIC_AUTH_TOKEN": "stp_live_x"
  }
}
`);
  });

  it('keeps comments, indentation, trailing commas and all that others wrote', () => {
    expect(setJson(own, [url, key])).toBe(`{
    // how I like it
    "model": "opus", /* never the small one */
    "permissions": { "allow": ["Bash(ls:*)"], },
    "env": {
        "ANTHROPIC_AUTH_TOKEN": "stp_live_x",
        "EDITOR": "vi", // not emacs
        "ANTHROPIC_BASE_URL": "http://127.0.0.1:8787/anthropic" // the old gateway
    } // end of env
}
`);
  });

  it('keeps Windows line ends and tabs', () => {
    expect(setJson('{\r\n\t"model": "opus"\r\n}\r\n', [key])).toBe(
      '{\r\n\t"model": "opus",\r\n\t"env": {\r\n\t\t"ANTHROPIC_AUTH_TOKEN": "stp_live_x"\r\n\t}\r\n}\r\n',
    );
  });

  it('changes nothing the second time', () => {
    const once = setJson(own, [url, key]);
    expect(setJson(once, [url, key])).toBe(once);
  });

  it.each([
    ['{"env": ', /not valid JSON \(\w+ on line 1\)/],
    ['{\n  "a": 1\n  "b": 2\n}', /line 3/],
    ['[]', /no JSON object/],
    ['{"env": null}', /"env" is no object/],
    ['{"env": ["A=1"]}', /"env" is no object/],
  ])('leaves %j alone and says why', (text, why) => {
    expect(() => setJson(text, [key])).toThrow(Uneditable);
    expect(() => setJson(text, [key])).toThrow(why);
  });

  it('adds what was asked for and nothing else, whatever the file says', () => {
    const names = fc
      .string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 8 })
      .filter((name) => name !== '__proto__');
    const values = fc.oneof(names, fc.integer(), fc.boolean());
    fc.assert(
      fc.property(
        fc.dictionary(names, values, { noNullPrototype: true }),
        fc.dictionary(names, values, { noNullPrototype: true }),
        fc.constantFrom(undefined, 2, '\t'),
        (rest, env, indent) => {
          const before = JSON.stringify({ ...rest, env }, undefined, indent);
          expect(JSON.parse(setJson(before, [url, key]))).toEqual({
            ...rest,
            env: { ...env, ANTHROPIC_BASE_URL: url.value, ANTHROPIC_AUTH_TOKEN: key.value },
          });
        },
      ),
    );
  });
});

describe('reading a member', () => {
  it('sees through comments', () => expect(readJson(own, ['env', 'EDITOR'])).toBe('vi'));
  it('finds nothing where nothing is', () => {
    expect(readJson(own, ['env', 'NONE'])).toBeUndefined();
    expect(readJson('', ['env'])).toBeUndefined();
  });
});
