# SPDX-License-Identifier: BSD-2-Clause
# payload/directboot.bash - completion of the directboot command, for bash
#
# The tool's own --help gives the options and the words of their choices.

_directboot() {
	local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}
	local command=${COMP_WORDS[1]} help words

	COMPREPLY=()
	if [ "$COMP_CWORD" -eq 1 ]; then
		words='pack show extract verify run --help --version'
		mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
		return
	fi
	help=$(directboot "$command" --help 2>/dev/null) || return
	if [[ $word == -* ]]; then
		words=$(grep -o -e '^  .\{0,4\}--[a-z-]*' <<<"$help" |
			grep -o -e '--[a-z-]*')
		mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
		return
	fi
	# In "--acpi own|vmm  whose ...", own and vmm are the words of a choice.
	words=$(sed -n "s/^  .*$before \([^ A-Z]*|[^ A-Z]*\).*/\1/p" <<<"$help")
	if [[ $before == -* && -n $words ]]; then
		mapfile -t COMPREPLY < <(compgen -W "${words//|/ }" -- "$word")
	else
		mapfile -t COMPREPLY < <(compgen -f -- "$word")
	fi
}
complete -o filenames -F _directboot directboot
