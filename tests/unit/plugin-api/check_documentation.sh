#!/bin/sh
# check_documentation.sh DIR: before each function of the ABI headers stands a comment with the lines Thread, When, Owner, Errors,
# Limits and Since. The check tries itself on a copy with one line removed first.
set -eu
check() {
  awk '
    /^ *\/\*/ { comment = "" }
    { if (in_comment || /\/\*/) comment = comment $0 "\n" }
    /\/\*/ { in_comment = 1 }
    /\*\// { in_comment = 0; next }
    in_comment { next }
    # A slot of a table, or an exported function; a typedef of a callback is documented where it is passed.
    /^  [a-z].*\(\*[a-z_]+\)\(/ || /^BATON_EXPORT/ {
      if (/on_fire\)/ && !/start/) next
      count++
      split("Thread When Owner Errors Limits Since", words, " ")
      for (i = 1; i <= 6; i++) if (comment !~ (words[i] ":")) { print FILENAME ":" FNR ": no " words[i] ": " $0; bad = 1 }
      comment = ""
    }
    END { print count " functions"; if (count == 0) bad = 1; exit bad }
  ' "$@"
}
tampered=$(mktemp)
trap 'rm -f "$tampered"' EXIT
awk '!/Owner:/ || seen++' "$1/ext/timer.h" >"$tampered"
if check "$tampered" >/dev/null; then
  echo "the check does not notice a missing line"
  exit 1
fi
check "$1/entry.h" "$1/host.h" "$1"/ext/*.h
