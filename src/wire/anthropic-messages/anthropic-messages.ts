/** Anthropic Messages: `POST /v1/messages` and `POST /v1/messages/count_tokens`. */
import type { Wire } from '../framing/wire.ts';
import { AnswerMeter } from './answer.ts';
import { listModels } from './models.ts';
import { breakStream, refuse } from './refusal.ts';
import { readRequest } from './request.ts';
import { StreamMeter } from './stream.ts';

export const anthropicMessages: Wire = {
  name: 'anthropic-messages',
  provider: 'anthropic',
  read: readRequest,
  meter: (request, sse) => (sse ? new StreamMeter(request.model) : new AnswerMeter(request.model)),
  refuse,
  breakStream,
  listModels,
};
