import { execFileSync } from 'node:child_process';
import { Argument, Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { completionScript } from './scripts.ts';
import { wordsOf } from './words.ts';

const program = new Command('stipend').option('--json', 'one document');
const key = program.command('key').description('keys');
key.command('create').description('it’s shown: once').option('--name <name>', 'what for');
key.command('list').description('list keys');
program
  .command('connect')
  .description('set up')
  .addArgument(new Argument('<client>').choices(['codex', 'claude-code']));

const words = wordsOf(program);

describe('the words of a program', () => {
  it('are subcommands, choices and options, the global ones everywhere', () => {
    const next = Object.fromEntries(words.map((each) => [each.path.join(' '), each.next.map(({ text }) => text)]));
    expect(next).toEqual({
      '': ['key', 'connect', '--json'],
      key: ['create', 'list', '--json'],
      'key create': ['--name', '--json'],
      'key list': ['--json'],
      connect: ['codex', 'claude-code', '--json'],
    });
  });
});

/** What a real bash offers after these words, the last being typed. */
function bashOffers(...typed: string[]): string[] {
  const line = `COMP_WORDS=(stipend ${typed.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${typed.length}; _stipend; echo "\${COMPREPLY[*]}"`;
  const script = `${completionScript('bash', words)}\n${line}`;
  return execFileSync('bash', ['-c', script], { encoding: 'utf8' }).trim().split(' ');
}

describe('bash', () => {
  it.each([
    [[''], ['key', 'connect', '--json']],
    [['k'], ['key']],
    [['key', 'cr'], ['create']],
    [
      ['key', 'create', '--'],
      ['--name', '--json'],
    ],
    [['--json', 'key', 'l'], ['list']],
    [
      ['connect', 'c'],
      ['codex', 'claude-code'],
    ],
    [['key', 'create', '--name', 'list', '--n'], ['--name']],
  ])('after %j offers %j', (typed, offered) => expect(bashOffers(...typed)).toEqual(offered));
});

describe('zsh and fish', () => {
  it('offer each word with its description, quotes and colons kept from the shell', () => {
    const zsh = completionScript('zsh', words);
    expect(zsh).toContain(`' key') choices=('create:it’s shown – once' 'list:list keys' '--json:one document') ;;`);
    const fish = completionScript('fish', words);
    expect(fish).toContain(`-a create -d 'it’s shown: once'`);
    expect(fish).toContain(`-l name -d 'what for'`);
  });
});
