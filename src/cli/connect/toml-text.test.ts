import { parse } from 'smol-toml';
import { describe, expect, it } from 'vitest';
import { Uneditable } from './setting.ts';
import { readToml, setToml } from './toml-text.ts';

const settings = [
  { path: ['model_provider'], value: 'stipend' },
  { path: ['model_providers', 'stipend', 'name'], value: 'Stipend' },
  { path: ['model_providers', 'stipend', 'base_url'], value: 'http://127.0.0.1:8787/openai/v1' },
];

const own = `# my codex
# keep out

model = "gpt-5.6" # the big one
model_provider = "openai" # until we have a gateway
notes = """
model_provider = "not this one"
[model_providers.stipend]
"""

[model_providers.ollama] # at home
name = "Ollama"
base_url = "http://localhost:11434/v1"

[projects."/home/ada/engine"]
trust_level = "trusted"`;

describe('setting strings of a TOML file', () => {
  it('makes the file where there is none', () => {
    expect(setToml(undefined, settings)).toBe(`model_provider = "stipend"

[model_providers.stipend]
name = "Stipend"
base_url = "http://127.0.0.1:8787/openai/v1"
`);
  });

  it('keeps comments and all that others wrote, and is not fooled by what only looks like the key', () => {
    expect(setToml(own, settings)).toBe(
      `${own.replace('"openai"', '"stipend"')}

[model_providers.stipend]
name = "Stipend"
base_url = "http://127.0.0.1:8787/openai/v1"
`,
    );
  });

  it('puts a new root key before the first table, below the opening comment', () => {
    expect(setToml('# mine\n\n[tools]\nweb_search = true\n', settings.slice(0, 1))).toBe(
      '# mine\n\nmodel_provider = "stipend"\n[tools]\nweb_search = true\n',
    );
  });

  it('changes a table that is there, in its place', () => {
    const text = '[model_providers.stipend]\nbase_url = "http://old" # old\nwire_api = "responses"\n\n[tools]\na = 1\n';
    expect(setToml(text, settings.slice(1))).toBe(
      '[model_providers.stipend]\nbase_url = "http://127.0.0.1:8787/openai/v1" # old\nwire_api = "responses"\nname = "Stipend"\n\n[tools]\na = 1\n',
    );
  });

  it('does not change the same key of another table', () => {
    const text = '[model_providers.a]\nname = "A"\n\n[model_providers.stipend]\nname = "B"\n';
    expect(setToml(text, settings.slice(1, 2))).toBe(text.replace('"B"', '"Stipend"'));
  });

  it.each(['\n', '\r\n'])('changes nothing the second time, with line ends %j', (eol) => {
    const once = setToml(own.replaceAll('\n', eol), settings);
    expect(once.includes('\r\n')).toBe(eol === '\r\n');
    expect(setToml(once, settings)).toBe(once);
    expect(parse(once)['model']).toBe('gpt-5.6');
  });

  it.each([
    ['model = ', /not valid TOML/],
    ['model_providers = { ollama = { name = "Ollama" } }', /only you can change/],
    ['model_provider = """\nopenai"""', /only you can change/],
  ])('leaves %j alone and says why', (text, why) => {
    expect(() => setToml(text, settings)).toThrow(Uneditable);
    expect(() => setToml(text, settings)).toThrow(why);
  });
});

describe('reading a setting', () => {
  it('finds it, or nothing', () => {
    expect(readToml(own, ['model_providers', 'ollama', 'name'])).toBe('Ollama');
    expect(readToml(own, ['model_providers', 'stipend'])).toBeUndefined();
    expect(readToml('= broken', ['model'])).toBeUndefined();
  });
});
