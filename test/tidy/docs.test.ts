import { existsSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { projectFiles, ROOT, textOf } from './files.ts';

const documents = projectFiles(/\.md$/);

/** The headings of a document as the anchors that GitHub makes of them. */
function anchors(path: string): readonly string[] {
  return [...textOf(path).matchAll(/^#+ +(.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

/** What a document links to that is not there. */
function broken(path: string): readonly string[] {
  const links = [...textOf(path).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
  return links.filter((link) => {
    if (/^(https?|mailto):/.test(link)) return false;
    const [file = '', anchor] = link.split('#');
    const target = file === '' ? path : normalize(join(dirname(path), file));
    return !existsSync(join(ROOT, target)) || (anchor !== undefined && !anchors(target).includes(anchor));
  });
}

it.each(documents)('every link in %s leads somewhere', (path) => expect(broken(path)).toEqual([]));

describe('what always holds', () => {
  const path = 'docs/concepts/invariants.md';
  /** A function as `[`name`](file.ts)`, a test as `["its title"](file.test.ts)`. */
  const named = [...textOf(path).matchAll(/\[(?:`([^`]+)`|"([^"]+)")\]\(([^)\s]+\.ts)\)/g)].map(
    ([, code, title, file = '']) => ({ name: code ?? title ?? '', file: normalize(join(dirname(path), file)) }),
  );

  it('names functions and tests that are where it says', () => {
    expect(named.filter(({ name, file }) => !textOf(file).includes(name))).toEqual([]);
  });

  it('has a function and a test for each of the ten', () => {
    const sections = textOf(path)
      .split(/^(?=\*\*\d+\. )/m)
      .slice(1);
    expect(sections).toHaveLength(10);
    const bare = sections.filter((each) => !/^Held by /m.test(each) || !/^Tests: .*\.test\.ts/m.test(each));
    expect(bare).toEqual([]);
  });
});

describe('the README', () => {
  const text = textOf('README.md');
  const commands = [...text.matchAll(/```(?:sh|bash)\n([\s\S]*?)```/g)]
    .flatMap(([, block = '']) => block.split('\n'))
    .map((line) => line.trim().replace(/^([A-Z_]+=\S+ )+/, ''))
    .filter((line) => line !== '' && !line.startsWith('#'));

  it('shows at least how to start', () => expect(commands).toContain('npm start'));

  it('names only commands that exist', () => {
    const { scripts }: { scripts: Record<string, string> } = JSON.parse(textOf('package.json'));
    const reference = textOf('docs/reference/cli.md');
    const unknown = commands.filter((command) => {
      const [program = '', first = '', second = ''] = command.split(/\s+/);
      if (program === 'npm') return !(first === 'start' || first === 'test' || (first === 'run' && second in scripts));
      const stipend = /^(?:npx )?(stipend .*)/.exec(command)?.[1]?.split(/\s+/);
      if (stipend) {
        // `### stipend person add`, or `stipend balance [person]` for a command without a verb.
        const [noun, verb] = [stipend.slice(0, 2).join(' '), stipend.slice(0, 3).join(' ')];
        return !reference.includes(`### ${verb}\n`) && !new RegExp(`^${noun}( [<[]|$)`, 'm').test(reference);
      }
      return !['git', 'cd', 'curl', 'export', 'claude', 'codex', 'gemini'].includes(program);
    });
    expect(unknown).toEqual([]);
  });
});

describe('the documented configuration', () => {
  it('has every setting that the code reads, and no other', () => {
    const documented = new Set(textOf('docs/operating/configuration.md').match(/STIPEND_[A-Z_]*[A-Z](?!_FILE)\b/g));
    const read = [...textOf('src/config.ts').matchAll(/^ {4}([a-z_]+): (?:z|apiKey)/gm)].map(
      ([, name = '']) => `STIPEND_${name.toUpperCase()}`,
    );
    expect(read.length).toBeGreaterThan(10);
    expect([...documented].filter((name) => !name.endsWith('_FILE')).sort()).toEqual(read.sort());
  });
});
