/** What the sandbox says to a prompt: the same to the same prompt. Pure. */
import { type AnswerObject, objectIn } from '../wire/framing/fields.ts';
import { type Faults, withoutMarkers } from './faults.ts';
import type { Prompt, Tool } from './prompt.ts';
import { sampleOf } from './sample.ts';
import { countTokens, fillerTokens, tokensOf } from './tokens.ts';

interface Call {
  readonly name: string;
  readonly arguments: AnswerObject;
}

export interface Script {
  /** Tokens; joined they are the text. */
  readonly thinking: readonly string[];
  readonly text: readonly string[];
  readonly call?: Call;
  /** `length`: the output limit cut it. */
  readonly stop: 'end' | 'length' | 'call' | 'refused';
  /** All output tokens of one choice, thinking among them. */
  readonly output: number;
}

/** The script of an answer: what markers ask for first, then what the prompt does. */
export function scriptFor(prompt: Prompt, faults: Faults): Script {
  const most = prompt.outputMost ?? Number.POSITIVE_INFINITY;
  const thinking = fillerTokens(faults.thinkingTokens ?? prompt.thinking.tokens).slice(0, most);
  const left = most - thinking.length;
  if (faults.refuse) return finished(thinking, [], 'refused');
  const call = callFor(prompt, faults);
  if (call) {
    const tokens = countTokens(call.name) + countTokens(JSON.stringify(call.arguments));
    if (tokens > left) return finished(thinking, [], 'length', left);
    return { ...finished(thinking, [], 'call', tokens), call };
  }
  const text = words(prompt, faults);
  if (text.length > left) return finished(thinking, text.slice(0, left), 'length');
  return finished(thinking, text, 'end');
}

function finished(
  thinking: readonly string[],
  text: readonly string[],
  stop: Script['stop'],
  unsaid = 0,
): Omit<Script, 'call'> {
  return { thinking, text, stop, output: thinking.length + text.length + unsaid };
}

function words(prompt: Prompt, faults: Faults): readonly string[] {
  if (faults.eventMegabytes !== undefined) return ['x'.repeat(faults.eventMegabytes * 1024 * 1024)];
  if (faults.outputTokens !== undefined) return fillerTokens(faults.outputTokens);
  if (prompt.json) return tokensOf(JSON.stringify(jsonAnswer(prompt.json.schema)));
  return tokensOf(pleasantry(prompt, faults));
}

function jsonAnswer(schema: unknown): unknown {
  return schema === true ? { answer: 'This is the Stipend sandbox.' } : sampleOf(schema);
}

function pleasantry(prompt: Prompt, faults: Faults): string {
  const asked = prompt.toolResults.length > 0 ? heardBack(prompt.toolResults) : heard(prompt.said);
  const accents = faults.halfUtf8 ? ' Naïve café, 日本語, 🦉🦉🦉.' : '';
  return (
    `Hello! This is the Stipend sandbox, answering in the place of ${prompt.model}.${asked}${accents} ` +
    'No provider was called: this answer was made by Stipend itself and is paid for with test money. ' +
    'Once an operator adds a provider’s key, the same request goes to the real model.'
  );
}

/** The last text that is a person's own: clients put theirs, in tags, before it. */
function heard(said: readonly string[]): string {
  const own = said.map((text) => withoutMarkers(text).trim()).findLast((text) => text !== '' && !text.startsWith('<'));
  return own === undefined ? '' : ` You wrote: “${shortened(own)}”.`;
}

function heardBack(results: readonly string[]): string {
  return ` The tool gave back: “${shortened(results.join(' ').trim())}”.`;
}

function shortened(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  const letters = [...line.slice(0, 400)];
  return letters.length > 120 ? `${letters.slice(0, 120).join('')}…` : line;
}

/** The tool to call: the one that a marker, the request's own choice or plain words name; none after its result. */
function callFor(prompt: Prompt, faults: Faults): Call | undefined {
  const asked = faults.call;
  if (asked) {
    const tool = prompt.tools.find(({ name }) => name === asked.name);
    return tool && { name: tool.name, arguments: parsed(asked.arguments) ?? sampleArguments(tool) };
  }
  if (prompt.toolResults.length > 0) return undefined;
  const tool = chosenTool(prompt);
  return tool && { name: tool.name, arguments: sampleArguments(tool) };
}

function chosenTool({ tools, toolChoice, said }: Prompt): Tool | undefined {
  const own = said.filter((text) => !text.trimStart().startsWith('<'));
  const named =
    tools.find(({ name }) => own.some((text) => asksFor(text, name))) ??
    (own.some((text) => /\b(?:call|use|using)\s+(?:the|a|your)\s+tool\b/i.test(text)) ? tools[0] : undefined);
  switch (toolChoice.kind) {
    case 'none':
      return undefined;
    case 'named':
      return tools.find(({ name }) => name === toolChoice.name);
    case 'any':
      return named ?? tools[0];
    case 'auto':
      return named;
  }
}

/** Whether a text says to use this tool: "call get_weather", "use the `get_weather` tool". */
function asksFor(text: string, name: string): boolean {
  const escaped = name.replace(/[^\w]/g, '\\$&');
  return new RegExp(`\\b(?:call|use|using)\\s+(?:the\\s+)?(?:tool\\s+)?[\`'"“]?${escaped}(?![\\w-])`, 'i').test(text);
}

function sampleArguments(tool: Tool): AnswerObject {
  return objectIn(sampleOf(tool.schema)) ?? {};
}

function parsed(json: string | undefined): AnswerObject | undefined {
  if (json === undefined) return undefined;
  try {
    return objectIn(JSON.parse(json));
  } catch {
    return undefined;
  }
}
