# bash completion of bnlab. For this shell: source <(bnlab completion bash)
_bnlab() {
	local cur=${COMP_WORDS[COMP_CWORD]} line
	[[ $cur == = ]] && cur=
	COMPREPLY=()
	while IFS= read -r line; do
		case $line in
		:dirs)
			compopt -o filenames
			while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -d -- "$cur")
			;;
		:files*)
			compopt -o filenames
			while IFS= read -r line; do COMPREPLY+=("$line"); done < <(
				compgen -f -X "!*${line#:files}" -- "$cur"
				compgen -d -- "$cur"
			)
			;;
		*) COMPREPLY+=("${line%%$'\t'*}") ;;
		esac
	done < <("${1/#\~/$HOME}" __complete "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -F _bnlab bnlab
