/** Completion scripts, whole: they hold every command and option, so that pressing Tab starts no program. */
import type { Words } from './words.ts';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;

/** The script to be sourced by `shell`. */
export function completionScript(shell: (typeof SHELLS)[number], all: readonly Words[]): string {
  return { bash: bashScript, zsh: zshScript, fish: fishScript }[shell](all);
}

function bashScript(all: readonly Words[]): string {
  return `# stipend completion for bash: source <(stipend completion bash)
_stipend() {
  local word path='' words=''
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$path $word" in
${knownPaths(all)
  .map((path) => `      ' ${path.join(' ')}') path=' ${path.join(' ')}' ;;`)
  .join('\n')}
    esac
  done
  case "$path" in
${all.map(({ path, next }) => `    '${path.map((each) => ` ${each}`).join('')}') words='${texts(next).join(' ')}' ;;`).join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _stipend stipend
`;
}

function zshScript(all: readonly Words[]): string {
  const described = ({ next }: Words) =>
    next.map(({ text, description }) => quoted(`${text}:${description.replaceAll(':', ' –')}`)).join(' ');
  return `#compdef stipend
# stipend completion for zsh: source <(stipend completion zsh)
_stipend() {
  local word place=''
  local -a choices
  for word in "\${words[@]:1:$((CURRENT - 2))}"; do
    case "$place $word" in
${knownPaths(all)
  .map((path) => `      ' ${path.join(' ')}') place=' ${path.join(' ')}' ;;`)
  .join('\n')}
    esac
  done
  case "$place" in
${all.map((words) => `    '${words.path.map((each) => ` ${each}`).join('')}') choices=(${described(words)}) ;;`).join('\n')}
  esac
  _describe 'stipend' choices || _files
}
(( \${+functions[compdef]} )) && compdef _stipend stipend
`;
}

function fishScript(all: readonly Words[]): string {
  const lines = all.flatMap(({ path, next }) =>
    next.map(({ text, description }) => {
      const condition = quoted(`test (__stipend_place) = ${quoted(path.join(' '))}`);
      const word = text.startsWith('--') ? `-l ${text.slice(2)}` : `-a ${text}`;
      return `complete -c stipend -n ${condition} ${word} -d ${quoted(description)}`;
    }),
  );
  return `# stipend completion for fish: stipend completion fish | source
function __stipend_place
  set -l place ''
  for word in (commandline -opc)[2..]
    switch (string trim "$place $word")
${knownPaths(all)
  .map((path) => `      case ${quoted(path.join(' '))}\n        set place ${quoted(path.join(' '))}`)
  .join('\n')}
    end
  end
  echo -- "$place"
end
${lines.join('\n')}
`;
}

function knownPaths(all: readonly Words[]): readonly (readonly string[])[] {
  return all.map(({ path }) => path).filter((path) => path.length > 0);
}

function texts(words: Words['next']): string[] {
  return words.map(({ text }) => text);
}

/** Single quotes, as all three shells read them once a quote inside is closed, escaped and opened again. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
