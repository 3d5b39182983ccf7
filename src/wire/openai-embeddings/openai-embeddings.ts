/** OpenAI embeddings: `POST /v1/embeddings`. */
import type { Wire } from '../framing/wire.ts';
import { AnswerMeter } from './answer.ts';
import { listModels } from './models.ts';
import { refuse } from './refusal.ts';
import { readRequest } from './request.ts';

export const openaiEmbeddings: Wire = {
  name: 'openai-embeddings',
  provider: 'openai',
  read: readRequest,
  meter: (request) => new AnswerMeter(request.model),
  refuse,
  // An answer is one JSON object: that it stops short is what makes a client raise.
  breakStream: () => new Uint8Array(0),
  listModels,
};
