import type { Flag, Flags } from './flags.js';

export interface CompletedCommand {
  readonly name: string;
  readonly does: string;
  readonly flags: Flags;
}

/** A function for `complete -F`: the words so far say the command, the word before says whether a value is wanted. */
export function bashScript(commands: readonly CompletedCommand[]): string {
  const families = secondWords(commands);
  return `# Completes precis in bash.
_precis() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" command="\${COMP_WORDS[1]}" at=1
  local words='' files='' colon='' typed="\${COMP_LINE:0:\${COMP_POINT:-0}}"
  # bash takes a colon for the end of a word: what stands before one is put together again, and not offered a second time.
  if [[ "$COMP_WORDBREAKS" == *:* && "\${typed##* }" == *:* ]]; then
    current="\${typed##* }"; colon="\${current%:*}:"
    typed="\${typed% *}"; previous="\${typed##* }"
  fi
  case "$command" in
    ${[...families.keys()].join('|')}) command="$command \${COMP_WORDS[2]}"; at=2 ;;
  esac
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    words='${[...firstWords(commands), '--help', '--version'].join(' ')}'
  elif [ "$COMP_CWORD" -eq "$at" ]; then
    case "\${COMP_WORDS[1]}" in
${[...families].map(([first, seconds]) => `      ${first}) words='${seconds.join(' ')} --help' ;;`).join('\n')}
    esac
  else
    case "$command:$previous" in
${commands.flatMap(bashValues).join('\n')}
      *)
        case "$command" in
${commands.map(({ name, flags }) => `          '${name}') words='${bashFlags(flags).join(' ')}' ;;`).join('\n')}
        esac
        # What is no option is a file or a folder.
        case "$current" in -*) ;; *) words=''; files=f ;; esac
        ;;
    esac
  fi
  [ -n "$words" ] && COMPREPLY=($(compgen -W "$words" -- "$current"))
  [ -n "$files" ] && COMPREPLY+=($(compgen "-$files" -- "$current"))
  [ -n "$colon" ] && COMPREPLY=("\${COMPREPLY[@]#"$colon"}")
  return 0
}
complete -o filenames -F _precis precis
`;
}

/** zsh runs bash's function; its arrays must then begin at 0. */
export function zshScript(commands: readonly CompletedCommand[]): string {
  const [first, ...rest] = bashScript(commands).split('\n');
  const text = rest.join('\n').replace('_precis() {\n', '_precis() {\n  emulate -L ksh\n');
  return `${first.replace('bash', 'zsh')}\nautoload -U +X compinit bashcompinit\ncompinit\nbashcompinit\n${text}`;
}

export function fishScript(commands: readonly CompletedCommand[]): string {
  const lines = ['# Completes precis in fish.', 'complete -c precis -f'];
  const families = secondWords(commands);
  for (const first of firstWords(commands)) {
    const does = families.has(first)
      ? `${first}: ${families.get(first)!.join(', ')}`
      : commands.find(({ name }) => name === first)!.does;
    lines.push(`complete -c precis -n __fish_use_subcommand -a ${first} -d ${fishText(does)}`);
  }
  for (const { name, does, flags } of commands) {
    const [first, second] = name.split(' ');
    const inFirst = `__fish_seen_subcommand_from ${first}`;
    if (second !== undefined) {
      const others = families.get(first)!.join(' ');
      lines.push(
        `complete -c precis -n '${inFirst}; and not __fish_seen_subcommand_from ${others}' -a ${second} -d ${fishText(does)}`,
      );
    }
    const here = second === undefined ? inFirst : `${inFirst}; and __fish_seen_subcommand_from ${second}`;
    lines.push(`complete -c precis -n '${here}' -F`);
    for (const [flag, described] of Object.entries(flags)) {
      lines.push(`complete -c precis -n '${here}' -l ${flag}${fishValue(described)} -d ${fishText(described.help)}`);
    }
  }
  return `${lines.join('\n')}\n`;
}

function firstWords(commands: readonly CompletedCommand[]): string[] {
  return [...new Set(commands.map(({ name }) => name.split(' ')[0]))];
}

/** Of commands of two words, by the first. */
function secondWords(commands: readonly CompletedCommand[]): Map<string, string[]> {
  const families = new Map<string, string[]>();
  for (const { name } of commands) {
    const [first, second] = name.split(' ');
    if (second !== undefined) families.set(first, [...(families.get(first) ?? []), second]);
  }
  return families;
}

function bashFlags(flags: Flags): string[] {
  return Object.entries(flags).flatMap(([name, { short }]) => [`--${name}`, ...(short ? [`-${short}`] : [])]);
}

/** Options after which a value comes, and what it may be. */
function bashValues({ name, flags }: CompletedCommand): string[] {
  return Object.entries(flags)
    .filter(([, { type }]) => type !== 'flag')
    .map(([flag, described]) => {
      const pattern = [`--${flag}`, ...(described.short ? [`-${described.short}`] : [])].map(
        (one) => `'${name}:${one}'`,
      );
      return `      ${pattern.join('|')}) ${bashValue(described)} ;;`;
    });
}

function bashValue({ values, completes, suggests }: Flag): string {
  if (values) return `words='${values.join(' ')}'`;
  const words = suggests ? `words='${suggests.join(' ')}'; ` : '';
  if (completes) return `${words}files=${completes === 'folders' ? 'd' : 'f'}`;
  return ':';
}

function fishValue({ type, values, completes, suggests, short }: Flag): string {
  const letter = short ? ` -s ${short}` : '';
  if (type === 'flag') return letter;
  if (values) return `${letter} -x -a ${fishText(values.join(' '))}`;
  if (completes) return `${letter} -r -F${suggests ? ` -a ${fishText(suggests.join(' '))}` : ''}`;
  return `${letter} -x`;
}

function fishText(text: string): string {
  return `'${text.replace(/\\/g, '\\\\').replace(/'/g, "\\'")}'`;
}
