# fish completion of bnlab. For this shell: bnlab completion fish | source
function __bnlab_complete
	set -l before (commandline -opc)
	set -l cur (commandline -ct)
	test (count $cur) -eq 0; and set cur ''
	set -l flag (string match -r -- '^--[^=]*=' $cur)
	set -l path (string replace -- "$flag" '' $cur)
	for line in (command $before[1] __complete $before[2..-1] $cur 2>/dev/null)
		switch $line
			case ':dirs'
				__fish_complete_directories $path '' | string replace -r '^' -- "$flag"
			case ':files*'
				set -l kind (string replace ':files' '' -- $line)
				for file in (complete -C"__bnlab_no_such_command $path")
					set -l name (string split \t -- $file)[1]
					if string match -q -r '/$' -- $name; or string match -q -- "*$kind" $name
						echo "$flag$name"
					end
				end
			case '*'
				echo $line
		end
	end
end
complete -c bnlab -f -a '(__bnlab_complete)'
