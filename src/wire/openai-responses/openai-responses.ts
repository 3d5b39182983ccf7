/** OpenAI Responses: `POST /v1/responses`. */
import type { Wire } from '../framing/wire.ts';
import { AnswerMeter } from './answer.ts';
import { listModels } from './models.ts';
import { breakStream, refuse } from './refusal.ts';
import { ResponseReport } from './report.ts';
import { readRequest } from './request.ts';
import { StreamMeter } from './stream.ts';

export const openaiResponses: Wire = {
  name: 'openai-responses',
  provider: 'openai',
  read: readRequest,
  meter: (request, sse) => {
    const report = new ResponseReport(request.model);
    return sse ? new StreamMeter(report) : new AnswerMeter(report);
  },
  refuse,
  breakStream,
  listModels,
};
