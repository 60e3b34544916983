#!/bin/bash
# run.sh [CASE]: the camera tests in their virtual machine, all of them or those whose name holds CASE.
# Prints a line a case and "N passed, N failed" at the end; exits with the tests' status.
set -eu
cd "$(dirname "$0")/../.."
# The same choice of packages and features as in tools/test, so that nothing is compiled twice.
BOOTH_CAMERA_RIG=1 exec cargo test -q --workspace --locked --features campus-booth/custom-protocol --test camera -- "$@"
