#!/bin/sh
# check_headers.sh COMPILER INCLUDE_DIR: each header alone, and every struct by its size (padding is judged when a layout is
# needed), as C11, C17, C++17 and C++20; the wrapper as C++20.
set -eu
compiler=$1
include=$2
if ! command -v "$compiler" >/dev/null; then
  echo "skipped: $compiler is not installed"
  exit 77
fi
here=$(dirname "$0")
strict="-fsyntax-only -Wall -Wextra -Wpedantic -Werror -I$include"

for standard in c11 c17 c++17 c++20; do
  case $standard in c++*) language=c++ ;; *) language=c ;; esac
  for header in "$include"/baton/*.h "$include"/baton/ext/*.h "$include"/baton/draft/*.h; do
    echo "#include \"$header\"" | "$compiler" -x $language -std=$standard $strict -Wpadded - ||
      { echo "failed: $header as $standard"; exit 1; }
  done
  "$compiler" -x $language -std=$standard $strict -Wpadded "$here/sizes.c" || { echo "failed: sizes as $standard"; exit 1; }
done
for header in "$include"/baton/cpp/*.hpp; do
  echo "#include \"$header\"" | "$compiler" -x c++ -std=c++20 $strict -Wconversion -Wshadow - ||
    { echo "failed: $header"; exit 1; }
done

# A C++ function that may throw must not fit into a table.
if echo '#include <baton/host.h>
int64_t may_throw(const baton_host*) { return 0; }
void fill(baton_host& host) { host.now = &may_throw; }' | "$compiler" -x c++ -std=c++20 -fsyntax-only "-I$include" - 2>/dev/null
then
  echo "failed: a function that may throw was accepted"
  exit 1
fi
