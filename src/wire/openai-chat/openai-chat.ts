/** OpenAI Chat Completions: `POST /v1/chat/completions`. */
import type { Wire } from '../framing/wire.ts';
import { AnswerMeter } from './answer.ts';
import { listModels } from './models.ts';
import { breakStream, refuse } from './refusal.ts';
import { ChatReport } from './report.ts';
import { readRequest, searches } from './request.ts';
import { StreamMeter } from './stream.ts';

export const openaiChat: Wire = {
  name: 'openai-chat',
  provider: 'openai',
  read: readRequest,
  meter: (request, sse) => {
    const report = new ChatReport(request.model, searches(request.demand));
    if (!sse) return new AnswerMeter(report);
    return new StreamMeter(report, 'takesUsageOut' in request && request.takesUsageOut === true);
  },
  refuse,
  breakStream,
  listModels,
};
