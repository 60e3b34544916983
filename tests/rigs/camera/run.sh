#!/bin/bash
# run.sh [CASE]: the camera tests in their virtual machine, all of them or those whose name holds CASE.
# Prints a line a case and "N passed, N failed" at the end; exits with the tests' status.
set -eu
cd "$(dirname "$0")/../.."
BOOTH_CAMERA_RIG=1 exec cargo test -q -p end-to-end --test camera -- "$@"
