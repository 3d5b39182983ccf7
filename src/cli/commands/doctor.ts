import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import type { Command } from 'commander';
import { me } from '../../contract/me.ts';
import { reach } from '../api-client.ts';
import { CLIENTS, type Client } from '../connect/clients.ts';
import { chosenPath } from '../connect/settings-change.ts';
import { aside, type Finding, ill, well } from '../doctor/finding.ts';
import { judgeClient } from '../doctor/judge-client.ts';
import { judgeClock } from '../doctor/judge-clock.ts';
import { judgeKey } from '../doctor/judge-key.ts';
import { CommandFailure, EXIT } from '../exit.ts';
import { paint } from '../output/paint.ts';
import type { Environment, Session } from '../session.ts';
import type { Shell } from '../shell.ts';

const run = promisify(execFile);

export function addDoctorCommand(program: Command, shell: Shell): void {
  program
    .command('doctor')
    .description('check the server, your key and your clients, and say what to do')
    .action(async (_options: object, command: Command) => {
      const session = shell(command);
      const [server, clients] = await Promise.all([
        examineServer(session),
        Promise.all(CLIENTS.map((client) => examineClient(session, client))),
      ]);
      const findings = [...server.findings, ...clients];
      session.print({ server: session.server, findings }, () => findings.map((each) => show(session, each)).join('\n'));
      const ills = findings.filter(({ state }) => state === 'ill').length;
      if (ills === 0) return;
      throw new CommandFailure(server.reached ? EXIT.refused : EXIT.unknown, `${ills} to mend, marked ✗.`);
    });
}

async function examineServer(session: Session): Promise<{ reached: boolean; findings: Finding[] }> {
  try {
    const answer = await reach(`${session.server}/readyz`, { signal: AbortSignal.timeout(10_000) });
    const state = answer.ok
      ? well(`Stipend answers at ${session.server}.`)
      : ill(
          `Stipend answers at ${session.server}, but is not ready (HTTP ${answer.status}).`,
          'Look at the server’s log.',
        );
    const clock = judgeClock(answer.headers.get('date'), Date.now());
    return { reached: true, findings: [state, clock, ...(await examineKey(session))] };
  } catch (error) {
    if (!(error instanceof CommandFailure)) throw error;
    return { reached: false, findings: [ill(error.message)] };
  }
}

async function examineKey(session: Session): Promise<Finding[]> {
  if (session.key('own') === undefined) {
    return [ill('No key is given.', 'Pass yours in STIPEND_KEY or with --key.')];
  }
  try {
    return judgeKey(await session.api('own').get(me, '/me'));
  } catch (error) {
    if (!(error instanceof CommandFailure)) throw error;
    return [ill(`The key does not work: ${error.message}`, 'Ask for another: `stipend key create`.')];
  }
}

async function examineClient(session: Session, client: Client): Promise<Finding> {
  const key = session.virtualKey();
  const target = key?.startsWith('stp_live_') ? { server: session.server, key } : { server: session.server };
  const version = await versionOf(client.program, session.environment);
  try {
    const files = client.files(session.environment, { server: '', key: '' });
    const texts = files.map(chosenPath).map((path) => (existsSync(path) ? readFileSync(path, 'utf8') : undefined));
    return judgeClient(client, version === undefined ? { texts } : { version, texts }, session.environment, target);
  } catch (cause) {
    return aside(
      `${client.title}’s settings cannot be read (${cause instanceof Error ? cause.message : 'unknown reason'}).`,
    );
  }
}

/** The first number that `<program> --version` prints; `undefined` when there is no such program. */
async function versionOf(program: string, environment: Environment): Promise<string | undefined> {
  try {
    const { stdout } = await run(program, ['--version'], { env: { ...environment }, timeout: 15_000 });
    return /\d+(\.\d+)+\S*/.exec(stdout)?.[0] ?? 'of unknown version';
  } catch {
    return undefined;
  }
}

function show(session: Session, { state, what, todo }: Finding): string {
  const marks = {
    well: paint('✓', 'green', session.colour),
    ill: paint('✗', 'red', session.colour),
    aside: paint('–', 'dim', session.colour),
  };
  return `${marks[state]} ${what}${todo === undefined ? '' : ` → ${todo}`}`;
}
