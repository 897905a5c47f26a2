#!/usr/bin/env bash
# Prints the licences of everything in a build besides its own code: Go and every
# module linked into it, from the module cache. "licences.sh static" adds those of the
# libraries in a static build, as stated in Debian's packages.
set -euo pipefail
cd "$(dirname "$0")/.."
export LC_ALL=C
go=${GO:-go}

fail() {
	echo "licences: $*" >&2
	exit 1
}

# text prints a heading and the files after it.
text() {
	printf '\n%s\n%s\n' "$(printf '=%.0s' {1..80})" "$1"
	for file in "${@:2}"; do
		printf '\n%s\n\n' "--- ${file##*/}"
		if iconv -f UTF-8 "$file" >/dev/null 2>&1; then cat "$file"; else iconv -f ISO-8859-1 -t UTF-8 "$file"; fi
	done
}

# licences_in lists the files of a folder that say on what terms it may be copied. Where
# the GPL is one of several to choose from, as for freetype, another is taken.
licences_in() {
	find "$1" -maxdepth 2 -type f \( -ipath "$1/licen[cs]e*" -o -ipath "$1/unlicen[cs]e*" -o -ipath "$1/copying*" \
		-o -ipath "$1/notice*" -o -ipath "$1/patents*" -o -ipath "$1/licenses/*" \) ! -name '*.go' ! -iname 'gpl*' | sort
}

echo "This program contains the following software, each on its own terms."
root=$("$go" env GOROOT)
if [[ -r $root/LICENSE ]]; then
	text "Go, https://go.dev" "$root/LICENSE"
else # a distribution keeps it elsewhere
	text "Go, https://go.dev: on the terms of https://go.dev/LICENSE, those of golang.org/x/sys below"
fi

"$go" list -deps -f '{{with .Module}}{{if not .Main}}{{.Path}} {{.Version}}	{{.Dir}}{{end}}{{end}}' ./cmd/bnlab | sort -u |
	while IFS=$'\t' read -r module dir; do
		mapfile -t files < <(licences_in "$dir")
		[[ ${#files[@]} != 0 ]] || fail "$module has no licence in $dir"
		text "$module" "${files[@]}"
	done

[[ ${1:-} == static ]] || exit 0
for library in openblas c gcc; do
	file=$(realpath "$(${CC:-cc} -print-file-name=lib$library.a)")
	package=$(dpkg -S "$file" 2>/dev/null | cut -d: -f1) || true
	terms=/usr/share/doc/$package/copyright
	if [[ -n $package && -r $terms ]]; then
		text "lib$library, $(dpkg-query -W -f '${Package} ${Version}' "$package" | head -n 1)" "$terms"
	else
		text "lib$library: on the terms of this system's $file"
	fi
done
