import type {Context, Ending} from './context.js';

export type Shell = 'bash' | 'zsh' | 'fish';

/** `mozart completion SHELL`: the script that a shell loads. */
export function completion(shell: Shell, context: Context): Ending {
	context.out(scripts[shell]);
	return 'done';
}

/**
 * A script knows nothing of the program: at every Tab it asks `mozart complete-words` with the words so far, so that it
 * can never be out of date. A line of the answer is a word, with a tab and its description if it has one, or `:files` or
 * `:folders` where the shell is to offer its own.
 */
const scripts: Record<Shell, string> = {
	bash: `\
# Completion of mozart for bash. In ~/.bashrc: eval "$(mozart completion bash)"
_mozart() {
	local current=\${COMP_WORDS[COMP_CWORD]} line name
	COMPREPLY=()
	while IFS= read -r line; do
		case $line in
		:files)
			compopt -o filenames 2>/dev/null
			while IFS= read -r name; do
				if [[ -d $name || $name == *.yaml || $name == *.yml ]]; then COMPREPLY+=("$name"); fi
			done < <(compgen -f -- "$current")
			;;
		:folders)
			compopt -o filenames 2>/dev/null
			while IFS= read -r name; do COMPREPLY+=("$name"); done < <(compgen -d -- "$current")
			;;
		*) COMPREPLY+=("\${line%%$'\\t'*}") ;;
		esac
	done < <(mozart complete-words -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -F _mozart mozart`,

	zsh: `\
#compdef mozart
# Completion of mozart for zsh. In ~/.zshrc, after compinit: eval "$(mozart completion zsh)"
_mozart() {
	local line
	local -a described
	for line in "\${(@f)$(mozart complete-words -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}"; do
		case $line in
		'') ;;
		:files) _files -g '*.(yaml|yml)' ;;
		:folders) _files -/ ;;
		*$'\\t'*) described+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}") ;;
		*) described+=("\${line//:/\\\\:}") ;;
		esac
	done
	(( $#described )) && _describe -V mozart described
	return 0
}
if [[ $funcstack[1] == _mozart ]]; then _mozart; else compdef _mozart mozart; fi`,

	fish: `\
# Completion of mozart for fish. Once: mozart completion fish > ~/.config/fish/completions/mozart.fish
function __mozart_words
	set -l words (commandline -opc)
	set -l current (commandline -ct)
	for line in (mozart complete-words -- $words[2..-1] "$current" 2>/dev/null)
		switch $line
			case :files
				__fish_complete_suffix .yaml
				__fish_complete_suffix .yml
			case :folders
				__fish_complete_directories "$current"
			case '*'
				echo $line
		end
	end
end
complete -c mozart -f -a '(__mozart_words)'`,
};
