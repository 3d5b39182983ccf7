import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Prompt } from './prompt.ts';
import { scriptFor } from './script.ts';

const PROMPT: Prompt = {
  model: 'claude-sonnet-4-5',
  segments: [],
  said: ['say hi'],
  toolResults: [],
  tools: [],
  toolChoice: { kind: 'auto' },
  thinking: { tokens: 0, shown: false },
  choices: 1,
  framing: 'json',
  streamsUsage: true,
};

const WEATHER = { name: 'get_weather', schema: { type: 'object', properties: { city: {} }, required: ['city'] } };
const CLOCK = { name: 'get_time', schema: { type: 'object', properties: {} } };

const prompt = (changes: Partial<Prompt>): Prompt => ({ ...PROMPT, ...changes });
const textOf = (changes: Partial<Prompt>) => scriptFor(prompt(changes), {}).text.join('');

test('it says that it is the sandbox, in whose place, and what it heard', () => {
  expect(textOf({})).toMatch(/Stipend sandbox.*claude-sonnet-4-5.*“say hi”.*test money/s);
});

test('it hears the person, not what the client wrapped around', () => {
  const said = ['fix the bug', '<system-reminder>be brief</system-reminder>', '  '];
  expect(textOf({ said })).toContain('“fix the bug”');
});

test('it does not quote markers', () => {
  expect(textOf({ said: ['say hi [[sandbox: delay 1ms]]'] })).toContain('“say hi”');
});

test('it quotes long texts short, and never half a letter', () => {
  const text = textOf({ said: ['🦉'.repeat(1000)] });
  expect(text).toContain(`${'🦉'.repeat(120)}…`);
  expect(text.isWellFormed()).toBe(true);
});

test.each(['Please call get_weather', 'use the get_weather tool', 'Answer by using `get_weather`.'])(
  '“%s” calls the tool, with the plainest arguments it takes',
  (text) => {
    const script = scriptFor(prompt({ said: [text], tools: [CLOCK, WEATHER] }), {});
    expect(script).toMatchObject({ stop: 'call', call: { name: 'get_weather', arguments: { city: 'sandbox' } } });
  },
);

test.each([
  'say hi',
  'what does get_weather do?',
  'use get_weather_now',
  '<system-reminder>use get_weather</system-reminder>',
])('“%s” calls no tool', (text) => expect(scriptFor(prompt({ said: [text], tools: [WEATHER] }), {}).stop).toBe('end'));

test('“use the tool” calls the first', () => {
  const script = scriptFor(prompt({ said: ['Use the tool to tell the time'], tools: [CLOCK, WEATHER] }), {});
  expect(script.call?.name).toBe('get_time');
});

test('the request’s choice of tools is kept', () => {
  const tools = [CLOCK, WEATHER];
  const callOf = (changes: Partial<Prompt>) => scriptFor(prompt({ tools, ...changes }), {}).call?.name;
  expect(callOf({ toolChoice: { kind: 'any' } })).toBe('get_time');
  expect(callOf({ toolChoice: { kind: 'named', name: 'get_weather' } })).toBe('get_weather');
  expect(callOf({ toolChoice: { kind: 'none' }, said: ['call get_weather'] })).toBeUndefined();
});

test('a marker calls a tool with its own arguments', () => {
  const { call } = scriptFor(prompt({ tools: [WEATHER] }), {
    call: { name: 'get_weather', arguments: '{"city":"Oslo"}' },
  });
  expect(call).toEqual({ name: 'get_weather', arguments: { city: 'Oslo' } });
});

test('after the tool’s result it says what came back, and calls nothing', () => {
  const script = scriptFor(prompt({ tools: [WEATHER], toolChoice: { kind: 'any' }, toolResults: ['21 °C'] }), {});
  expect(script.stop).toBe('end');
  expect(script.text.join('')).toContain('“21 °C”');
});

test('where JSON is asked for, it answers with JSON of that schema', () => {
  const schema = {
    type: 'object',
    properties: { model_choice: { enum: ['flash', 'pro'] } },
    required: ['model_choice'],
  };
  expect(textOf({ json: { schema } })).toBe('{"model_choice":"flash"}');
  expect(JSON.parse(textOf({ json: { schema: true } }))).toHaveProperty('answer');
});

test('a refusal says nothing', () => {
  expect(scriptFor(PROMPT, { refuse: true })).toMatchObject({ stop: 'refused', text: [], output: 0 });
});

test('output and thinking are as many tokens as were asked for', () => {
  const script = scriptFor(PROMPT, { outputTokens: 70, thinkingTokens: 30 });
  expect(script).toMatchObject({ stop: 'end', output: 100 });
  expect(script.thinking).toHaveLength(30);
});

test('no answer is longer than its limit, and one that was cut says so', () => {
  fc.assert(
    fc.property(fc.nat(200), fc.nat(200), fc.nat(300), fc.boolean(), (most, thinking, output, calls) => {
      const asked = prompt({ outputMost: most, tools: [WEATHER], said: [calls ? 'call get_weather' : 'say hi'] });
      const script = scriptFor(asked, { thinkingTokens: thinking, ...(calls ? {} : { outputTokens: output }) });
      expect(script.output).toBeLessThanOrEqual(most);
      expect(script.thinking.length + script.text.length).toBeLessThanOrEqual(script.output);
      if (!calls) expect(script.stop).toBe(Math.min(thinking, most) + output > most ? 'length' : 'end');
    }),
  );
});
