#!/bin/bash
# What the stand-in printer does with a job: $1 is the document, the job's attributes are in IPP_*.
# It tells the printer its state on stderr: STATE: +reason, STATE: -reason, ATTR: name=value.
set -eu
printer=$PPID
told=
while [ -s "$PRINTER_DIR/fault" ]; do
  [ -d "/proc/$printer" ] || exit 1 # switched off: the job is lost, as it would be
  fault=$(cat "$PRINTER_DIR/fault")
  if [ -n "$fault" ] && [ "$fault" != "$told" ]; then
    echo "STATE: +$fault" >&2
    told=$fault
  fi
  sleep 0.05
done
[ -z "$told" ] || echo "STATE: -$told" >&2
[ -d "/proc/$printer" ] || exit 1

sheet=$PRINTER_DIR/printed/$(date +%s%N)
env | grep -E '^(IPP_|CONTENT_TYPE)' | sort > "$sheet.attributes"
cp "$1" "$sheet.part"
mv "$sheet.part" "$sheet.pdf" # a print is there whole or not at all
echo "ATTR: job-impressions=${IPP_COPIES:-1} job-impressions-completed=${IPP_COPIES:-1}" >&2

ribbon=$(cat "$PRINTER_DIR/ribbon" 2>/dev/null || echo 80)
ribbon=$((ribbon - ${IPP_COPIES:-1}))
echo "$ribbon" > "$PRINTER_DIR/ribbon"
echo "ATTR: marker-levels=$ribbon" >&2
[ "$ribbon" -ge 10 ] || echo "STATE: +marker-supply-low" >&2
