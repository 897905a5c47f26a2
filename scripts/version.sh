#!/usr/bin/env bash
# Prints the name of a build: "version.sh" the version, "version.sh commit" the commit,
# "version.sh date" its time in seconds since 1970, for reproducible builds. Each is
# empty if unknown.
# The dollar signs in single quotes below are git's, not the shell's.
# shellcheck disable=SC2016
set -euo pipefail
cd "$(dirname "$0")/.."

# git archive fills these in, see .gitattributes; in a clone they stay as they are.
archived_version='$Format:%(describe:tags=true)$'
archived_commit='$Format:%H$'
archived_date='$Format:%ct$'

# A tree without .git that lies in another project's clone is not that project's.
describe() { [[ ! -e .git ]] || git describe --tags --always --dirty 2>/dev/null || true; }
commit() { [[ ! -e .git ]] || git rev-parse HEAD 2>/dev/null || true; }
date_of() { [[ ! -e .git ]] || git log -1 --format=%ct 2>/dev/null || true; }

# Before git 2.32, and without tags, the first is empty or still the question.
known() { [[ $1 == '$Format'* || $1 == *'%('* ]] || echo "$1"; }

case ${1:-version} in
version)
	version=$(known "$archived_version")
	short=$(known "$archived_commit")
	[[ -n $version ]] || version=${short:0:7}
	[[ -n $version ]] || version=$(describe)
	echo "$version"
	;;
commit)
	commit=$(known "$archived_commit")
	echo "${commit:-$(commit)}"
	;;
date)
	date=$(known "$archived_date")
	echo "${date:-$(date_of)}"
	;;
*)
	echo "version.sh: version, commit or date, not $1" >&2
	exit 2
	;;
esac
