#!/usr/bin/env bash
# Fetches axe-core, the accessibility checker that the browser tests run in the pages, from
# the npm registry, outside the source tree: in $BNLAB_AXE, by default
# ${XDG_CACHE_HOME:-~/.cache}/bnlab/axe-core. Prints the path of the file. Nothing of it
# becomes part of the program.
set -euo pipefail

version=4.14.1
sha512=FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVGtQ==
dir=${BNLAB_AXE:-${XDG_CACHE_HOME:-$HOME/.cache}/bnlab/axe-core}

if ! [[ -r $dir/axe.min.js && $(<"$dir/version") == "$version" ]]; then
	work=$(mktemp -d)
	trap 'rm -rf "$work"' EXIT
	(cd "$work" && npm pack --silent "axe-core@$version" >/dev/null)
	got=$(openssl dgst -sha512 -binary "$work/axe-core-$version.tgz" | base64 -w 0)
	if [[ $got != "$sha512" ]]; then
		echo "axe-core $version: the package is not the one expected (sha512 $got)" >&2
		exit 1
	fi
	tar -C "$work" -xzf "$work/axe-core-$version.tgz" package/axe.min.js
	mkdir -p "$dir"
	mv "$work/package/axe.min.js" "$dir/axe.min.js"
	echo "$version" >"$dir/version"
fi
echo "$dir/axe.min.js"
