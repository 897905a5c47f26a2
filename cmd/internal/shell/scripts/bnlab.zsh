#compdef bnlab
# zsh completion of bnlab. For this shell: source <(bnlab completion zsh)
_bnlab() {
	local line kind
	local -a found
	for line in "${(@f)$(${(Q)words[1]/#\~/$HOME} __complete "${(@Q)words[2,CURRENT]}" 2>/dev/null)}"; do
		case $line in
		:*) kind=$line ;;
		?*$'\t'?*) found+=("${${line%%$'\t'*}//:/\\:}:${line#*$'\t'}") ;;
		?*) found+=("${${line%$'\t'}//:/\\:}") ;;
		esac
	done
	(( $#found )) && _describe bnlab found
	[[ -n $kind ]] && compset -P '--*='
	case $kind in
	:dirs) _files -/ ;;
	:files?*) _files -g "*${kind#:files}(-.)" ;;
	:files) _files ;;
	esac
}
if [[ $funcstack[1] == _bnlab ]]; then
	_bnlab "$@"
else
	compdef _bnlab bnlab
fi
