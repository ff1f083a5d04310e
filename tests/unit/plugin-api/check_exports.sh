#!/bin/sh
# check_exports.sh PLUGIN: its dynamic symbols are the entry and nothing else.
set -eu
exported=$(nm -D --defined-only "$1" | awk '{ print $3 }')
if [ "$exported" != baton_plugin_entry_v1 ]; then
  echo "$1 exports:"
  echo "$exported"
  exit 1
fi
