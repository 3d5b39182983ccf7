/** Embeddings of the sandbox: vectors of length 1 that are the same for the same text, and mean nothing. */
import { type AnswerObject, countIn, objectIn, objectsIn, textIn } from '../wire/framing/fields.ts';
import { either, Unacceptable } from './prompt.ts';
import { countTokens } from './tokens.ts';

/** What the newest text of a request is, for its markers, and the answer to it. */
export interface Embedded {
  readonly said: readonly string[];
  readonly answer: unknown;
}

const DIMENSIONS_MOST = 4096;

/** OpenAI's: a text, several, or the same as token ids. `base64` is little-endian 32-bit floats. */
export function openaiEmbeddings(body: AnswerObject): Embedded {
  const model = textIn(body['model']);
  if (!model) throw new Unacceptable('you must provide a model parameter');
  const inputs = inputsOf(body['input']);
  if (inputs.length === 0) throw new Unacceptable("'input' must be a string, an array of strings or of token ids");
  const dimensions = countIn(body['dimensions']) ?? (model.includes('large') ? 3072 : 1536);
  const encode = body['encoding_format'] === 'base64' ? base64 : (vector: Float32Array) => [...vector];
  const tokens = inputs.reduce(
    (sum, input) => sum + (typeof input === 'string' ? countTokens(input) : input.length),
    0,
  );
  return {
    said: inputs.flatMap((input) => (typeof input === 'string' ? [input] : [])),
    answer: {
      object: 'list',
      model,
      data: inputs.map((input, index) => ({
        object: 'embedding',
        index,
        embedding: encode(vectorOf(String(input), dimensions)),
      })),
      usage: { prompt_tokens: tokens, total_tokens: tokens },
    },
  };
}

/** Gemini's `embedContent`. */
export function geminiEmbedding(body: AnswerObject): Embedded {
  const { said, values } = geminiVector(body);
  return { said, answer: { embedding: { values } } };
}

/** Gemini's `batchEmbedContents`. */
export function geminiEmbeddings(body: AnswerObject): Embedded {
  const vectors = objectsIn(body['requests']).map(geminiVector);
  if (vectors.length === 0) throw new Unacceptable('* BatchEmbedContentsRequest.requests: requests is not specified');
  return {
    said: vectors.flatMap(({ said }) => said),
    answer: { embeddings: vectors.map(({ values }) => ({ values })) },
  };
}

function geminiVector(request: AnswerObject) {
  const parts = objectsIn(objectIn(request['content'])?.['parts']);
  const said = parts.flatMap(({ text }) => (typeof text === 'string' ? [text] : []));
  const dimensions = countIn(either(request, 'outputDimensionality')) ?? 3072;
  return { said, values: [...vectorOf(said.join('\n'), dimensions)] };
}

function inputsOf(input: unknown): readonly (string | readonly number[])[] {
  if (typeof input === 'string') return [input];
  if (!Array.isArray(input)) return [];
  if (input.every((each) => typeof each === 'number')) return input.length > 0 ? [input] : [];
  return input.filter((each) => typeof each === 'string' || (Array.isArray(each) && each.every(Number.isInteger)));
}

/** A point on the sphere, from a 32-bit FNV-1a hash of the text and a xorshift generator seeded by it. */
function vectorOf(text: string, dimensions: number): Float32Array {
  let state = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) state = Math.imul(state ^ text.charCodeAt(at), 0x01000193);
  state ||= 1;
  const vector = new Float32Array(Math.min(Math.max(dimensions, 1), DIMENSIONS_MOST)).map(() => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state / 0x80000000;
  });
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}

function base64(vector: Float32Array): string {
  return Buffer.from(vector.buffer).toString('base64');
}
