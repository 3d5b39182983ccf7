/** What a browser, or a client that probes the address, finds at `/`. */
import type { IncomingMessage, ServerResponse } from 'node:http';

const PAGE = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Stipend</title>
<style>body{font:1rem/1.5 system-ui,sans-serif;max-width:40rem;margin:10vh auto;padding:0 1rem;color-scheme:light dark}</style>
<h1>Stipend is running</h1>
<p>This address is where your tools go: point Claude Code, Codex CLI, Gemini CLI or an SDK here, with your own Stipend key.</p>
<p><code>stipend connect claude-code --key …</code> prints the set-up for a tool, <code>stipend balance</code> what is left
of your budget. Programs find the API described at <a href="/api/v1/openapi.json">/api/v1/openapi.json</a>.</p>
</html>
`;

/** Answers GET and HEAD; anything else is told so. */
export function landingPage(request: IncomingMessage, response: ServerResponse): void {
  const reads = request.method === 'GET' || request.method === 'HEAD';
  response.writeHead(reads ? 200 : 405, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    'x-content-type-options': 'nosniff',
  });
  response.end(request.method === 'GET' ? PAGE : undefined);
}
