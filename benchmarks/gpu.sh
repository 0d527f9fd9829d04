#!/usr/bin/env bash
# Everything that is to be measured on a machine with one GPU, in one call. From the project's folder:
#
#     benchmarks/gpu.sh
#     ARTICLES=briefs.jsonl STORIES=topics.jsonl benchmarks/gpu.sh
#     benchmarks/gpu.sh --cpu      # a rehearsal at tiny sizes where there is no GPU; measures nothing
#
# PYTHON    the Python whose torch is used, if it has CUDA (python3)
# WHEELS    a folder of wheels, where the machine has no network: everything that PYTHON lacks
# OUT       where results go (benchmarks/results; a rehearsal: .gpu/rehearsal)
# ARTICLES  articles with human briefs: brief-gemma beside generate, if its weights are here (see `models fetch`)
# STORIES   articles: tagging beside the transformers pipeline
# MINUTES   of each step at most (8)
#
# A step that fails does not stop the others. Ends with 0 if all that was asked for ran, 1 if a step failed, 2 without a GPU.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 2

rehearsal=
case "${1:-}" in
    --cpu) rehearsal=yes ;;
    "") ;;
    *) echo "gpu.sh: unknown argument '$1'. Use --cpu or nothing." >&2; exit 2 ;;
esac
python=${PYTHON:-python3}
minutes=${MINUTES:-8}
sees_gpu() { "$1" -c 'import sys, torch; sys.exit(not torch.cuda.is_available())' 2>/dev/null; }

# A venv of our own beside the packages of PYTHON: pip takes what lies there for installed, a torch with CUDA too.
prepare() {
    venv=.gpu/venv
    bin=$venv/bin/python
    "$python" -m venv "$venv" || return 1
    "$python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))' \
        >"$("$bin" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/of-the-machine.pth" || return 1
    if [ -n "${WHEELS:-}" ]; then
        "$bin" -m pip install --quiet --no-index --no-deps "$WHEELS"/*.whl || return 1
        "$bin" -m pip install --quiet --no-index --no-deps --no-build-isolation -e . || return 1
    else
        # not -c constraints.txt, which names the CPU build of torch
        "$bin" -m pip install --quiet --disable-pip-version-check -e '.[weights,dev]' || return 1
    fi
}

no_gpu() {
    echo "gpu.sh: no GPU: torch $("$1" -c 'import torch; print(torch.__version__)') sees none. Run it on a machine with" \
        "one, with PYTHON=... where that has a torch with CUDA, or rehearse with --cpu." >&2
    exit 2
}

# a torch that is there and sees no GPU will see none later: nothing need be installed to say so
[ -z "$rehearsal" ] && "$python" -c 'import torch' 2>/dev/null && ! sees_gpu "$python" && no_gpu "$python"
prepare || { echo "gpu.sh: the packages cannot be installed. Without a network name a folder of wheels: WHEELS=..." >&2; exit 2; }
if sees_gpu "$bin"; then
    device=cuda
    "$bin" -c 'import torch; print("gpu.sh:", torch.cuda.get_device_name(), "torch", torch.__version__)'
elif [ -n "$rehearsal" ]; then
    device=cpu
    echo "gpu.sh: NO GPU. This is a rehearsal on the CPU at tiny sizes; none of its numbers says anything about a GPU."
else
    no_gpu "$bin"
fi
out=${OUT:-benchmarks/results}
[ -n "$rehearsal" ] && out=${OUT:-.gpu/rehearsal}
mkdir -p "$out"

failed=()
step() {
    local name=$1
    shift
    echo "== $name: $*"
    local begun=$SECONDS
    if timeout "$((minutes * 60))" "$@" >"$out/$name.log" 2>&1; then
        echo "   done in $((SECONDS - begun)) s"
    else
        echo "   FAILED ($?) after $((SECONDS - begun)) s: $out/$name.log"
        failed+=("$name")
    fi
    tail -n 25 "$out/$name.log"
}

if [ -n "$rehearsal" ]; then
    sizes=(--articles 4 --single 1 --batch-sizes 4 --rounds 1 --layers 1 --source-tokens 100 --brief-tokens 10 --window 4)
    few=(--articles 4 --batch-sizes 2 --rounds 1)
    fewer=(--articles 8 --repetitions 1)
    tests=(-k cpu)
else
    sizes=()
    few=(--articles 64)
    fewer=(--articles 300)
    tests=(-m gpu)
fi
step gpu_tests "$bin" -m pytest tests/summarize/test_gpu.py "${tests[@]}"
step seq2seq "$bin" benchmarks/seq2seq.py --device "$device" "${sizes[@]}" --out "$out"
if [ -n "${STORIES:-}" ]; then
    step tag_throughput "$bin" benchmarks/tag_throughput.py "$STORIES" --device "$device" "${fewer[@]}" --out "$out"
else
    echo "== tag_throughput: left out, STORIES is not set"
fi
if [ -n "${ARTICLES:-}" ]; then
    step decode "$bin" benchmarks/decode.py "$ARTICLES" --device "$device" --engines "${few[@]}" --out "$out"
else
    echo "== decode: left out, ARTICLES is not set"
fi

echo "gpu.sh: results in $out; failed: ${failed[*]:-nothing}${rehearsal:+; a rehearsal, nothing was measured}"
[ ${#failed[@]} -eq 0 ]
