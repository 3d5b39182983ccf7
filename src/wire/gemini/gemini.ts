/** The Gemini API: `POST /v1beta/models/{model}:{action}`. */
import type { Wire } from '../framing/wire.ts';
import { AnswerMeter } from './answer.ts';
import { listModels } from './models.ts';
import { breakStream, refuse } from './refusal.ts';
import { GeminiReport } from './report.ts';
import { readRequest } from './request.ts';
import { StreamMeter } from './stream.ts';

export const gemini: Wire = {
  name: 'gemini',
  provider: 'gemini',
  read: readRequest,
  meter: (request, sse) => {
    const { model, stream, demand } = request;
    const report = new GeminiReport(model);
    const media = demand !== null && (demand.outputMayHoldImages || demand.outputMayHoldAudio);
    if (sse || stream) return new StreamMeter(report, { sse, media });
    return new AnswerMeter(report, 'generates' in request && request.generates === true);
  },
  refuse,
  breakStream,
  listModels,
};
