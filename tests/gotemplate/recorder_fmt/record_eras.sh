#!/bin/sh
# Writes data/eras.txt: the answers of eras/main.go under the Go releases between which they changed, and the last before each.
# Each release is fetched by the go command itself. GOENV=off, because old releases refuse settings they do not know.
set -eu
cd "$(dirname "$0")"
proxy=$(go env GOPROXY)
out=$(pwd)/data/eras.txt
: > "$out"
for release in 1.9.7 1.13.15 1.14.15 1.15.15 1.16.15 1.17.13 1.18.10 1.19.13 1.25.4; do
	root=$(GOTOOLCHAIN=go$release go env GOROOT)
	echo "# $release" >> "$out"
	(cd eras && GOENV=off GOPROXY=$proxy GO111MODULE=off GOROOT=$root GOTOOLCHAIN=local "$root/bin/go" run main.go) >> "$out"
done
