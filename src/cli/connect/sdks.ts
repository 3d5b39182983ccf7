/** How programs that call a model through an official SDK are pointed at Stipend: by two variables, or in code. */
import type { Target } from './clients.ts';

export interface Sdk {
  readonly name: string;
  readonly title: string;
  variables(target: Target): Readonly<Record<string, string>>;
  /** The same in code, for programs that set it there; the key stays in the environment. */
  snippets(target: Target): readonly Snippet[];
}

interface Snippet {
  readonly language: 'typescript' | 'python';
  readonly code: string;
}

const openai: Sdk = {
  name: 'openai-sdk',
  title: 'OpenAI SDK',
  variables: ({ server, key }) => ({ OPENAI_BASE_URL: `${server}/openai/v1`, OPENAI_API_KEY: key }),
  snippets: ({ server }) => [
    {
      language: 'typescript',
      code: `import OpenAI from 'openai';\n\nconst client = new OpenAI({ baseURL: '${server}/openai/v1', apiKey: process.env.STIPEND_KEY });`,
    },
    {
      language: 'python',
      code: `import os\nfrom openai import OpenAI\n\nclient = OpenAI(base_url="${server}/openai/v1", api_key=os.environ["STIPEND_KEY"])`,
    },
  ],
};

const anthropic: Sdk = {
  name: 'anthropic-sdk',
  title: 'Anthropic SDK',
  variables: ({ server, key }) => ({ ANTHROPIC_BASE_URL: `${server}/anthropic`, ANTHROPIC_API_KEY: key }),
  snippets: ({ server }) => [
    {
      language: 'typescript',
      code: `import Anthropic from '@anthropic-ai/sdk';\n\nconst client = new Anthropic({ baseURL: '${server}/anthropic', apiKey: process.env.STIPEND_KEY });`,
    },
    {
      language: 'python',
      code: `import os\nfrom anthropic import Anthropic\n\nclient = Anthropic(base_url="${server}/anthropic", api_key=os.environ["STIPEND_KEY"])`,
    },
  ],
};

const genai: Sdk = {
  name: 'genai-sdk',
  title: 'Google Gen AI SDK',
  variables: ({ server, key }) => ({ GOOGLE_GEMINI_BASE_URL: `${server}/gemini`, GEMINI_API_KEY: key }),
  snippets: ({ server }) => [
    {
      language: 'typescript',
      code: `import { GoogleGenAI } from '@google/genai';\n\nconst client = new GoogleGenAI({\n  apiKey: process.env.STIPEND_KEY,\n  httpOptions: { baseUrl: '${server}/gemini' },\n});`,
    },
    {
      language: 'python',
      code: `import os\nfrom google import genai\n\nclient = genai.Client(\n    api_key=os.environ["STIPEND_KEY"],\n    http_options={"base_url": "${server}/gemini"},\n)`,
    },
  ],
};

export const SDKS: readonly Sdk[] = [openai, anthropic, genai];
