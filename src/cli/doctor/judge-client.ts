import { type Client, type SettingsFile, settingIn, type Target } from '../connect/clients.ts';
import type { Setting } from '../connect/setting.ts';
import type { Environment } from '../session.ts';
import { aside, type Finding, ill, well } from './finding.ts';

/** What was found of a client on this machine. */
export interface ClientFacts {
  /** What its `--version` says; absent: it is not installed. */
  readonly version?: string;
  /** The text of each of its settings files, in the order of `Client.files`; `undefined` where there is none. */
  readonly texts: readonly (string | undefined)[];
}

/** Whether a client works through this server, with this key where one is known. */
export function judgeClient(
  client: Client,
  facts: ClientFacts,
  environment: Environment,
  target: Partial<Target>,
): Finding {
  if (facts.version === undefined) return aside(`${client.title} is not installed.`);
  const name = `${client.title} ${facts.version}`;
  const mend = `stipend connect ${client.name} --write`;
  const { server = '', key } = target;
  const settings = settingsOf(client.files(environment, { server, key: key ?? '' }), facts.texts);

  const plain = settings.filter(({ setting }) => !setting.secret);
  const right = plain.filter(({ setting, found }) => found === setting.value);
  if (right.length === 0) return aside(`${name} does not work through ${server} yet.`, mend);
  if (right.length < plain.length) return ill(`${name} is only partly set up for ${server}.`, mend);

  const secrets = settings.filter(({ setting }) => setting.secret);
  if (secrets.some(({ found }) => found === undefined)) return ill(`${name} has no key.`, mend);
  if (key !== undefined && secrets.some(({ setting, found }) => found !== setting.value)) {
    return ill(`${name} uses another key than the one given here.`, mend);
  }
  const quarrels = client.quarrels.filter((variable) => quarrelsWith(environment[variable], variable, settings));
  if (quarrels.length > 0)
    return ill(`${name} is misled by ${quarrels.join(', ')} in your shell.`, `unset ${quarrels.join(' ')}`);
  return well(`${name} works through ${server}.`);
}

interface SettingFound {
  readonly setting: Setting;
  readonly found: unknown;
}

function settingsOf(files: readonly SettingsFile[], texts: readonly (string | undefined)[]): SettingFound[] {
  return files.flatMap((file, at) => {
    const text = texts[at];
    return file.settings.map((setting) => ({
      setting,
      found: text === undefined ? undefined : settingIn(file, text, setting),
    }));
  });
}

/** A variable that says the same as the files do is no quarrel. */
function quarrelsWith(value: string | undefined, variable: string, settings: readonly SettingFound[]): boolean {
  if (!value) return false;
  return !settings.some(({ setting, found }) => setting.path.at(-1) === variable && found === value);
}
