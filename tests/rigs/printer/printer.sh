#!/bin/bash
# printer.sh DIR PORT: a stand-in photo printer (IPP Everywhere, in software) at ipp://localhost:PORT/ipp/print, until killed.
#
# DIR/printed  what came out: NUMBER.pdf, and NUMBER.attributes with the job's IPP attributes
# DIR/fault    a state reason such as media-jam written here holds the job in hand until the file is emptied
# Out of paper: GET http://localhost:PORT/media?size0=SIZE&type0=photographic-glossy&level0=0 (level0=125 fills it again)
#
# The process becomes the printer itself, so that a signal to it is one to the printer. Needs cups-ipp-utils and dbus-daemon:
# without some D-Bus to announce itself on, the printer doesn't start.
set -eu
here=$(dirname "$(realpath "$0")")
dir=$(realpath "$1")
port=$2
mkdir -p "$dir/printed" "$dir/spool"
rm -f "$dir/bus"
setpriv --pdeathsig KILL dbus-daemon --session --nopidfile --nofork --address="unix:path=$dir/bus" &
bus=$!
until [ -S "$dir/bus" ]; do
  kill -0 "$bus" || exit 1
  sleep 0.02
done
export PRINTER_DIR=$dir
export DBUS_SYSTEM_BUS_ADDRESS=unix:path=$dir/bus
exec ippeveprinter -r off -n localhost -p "$port" -a "$here/photo6.conf" -c "$here/print-command.sh" -d "$dir/spool" Photo6
