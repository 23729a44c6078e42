#!/bin/sh
# Has every environment run another version: in application.yaml, and in what is compiled from it.
set -eu
new=${1:?usage: deploy/set-version.sh <version>}
cd "$(dirname "$0")"
old=$(sed -n 's/^  version: *\([^ ]*\).*/\1/p' application.yaml)
test -n "$old"
pattern=$(printf '%s' "$old" | sed 's/\./\\./g')
for file in application.yaml */*.yaml; do
  sed -E "s/(version: |image: [^ ]*:|service\.version=)$pattern([^0-9A-Za-z.-]|$)/\1$new\2/g" "$file" > "$file.new"
  cat "$file.new" > "$file"
  rm "$file.new"
done
echo "$old -> $new"
