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
strict="-fsyntax-only -Wall -Wextra -Wpedantic -Werror -I$include"

# One line per header, relative to INCLUDE_DIR, and one file that needs the layout of every struct in them.
headers=$(cd "$include" && ls baton/*.h baton/ext/*.h baton/draft/*.h)
structs=$(cd "$include" && sed -n 's/^\(typedef \)\{0,1\}struct \(baton_[a-z_]*\) {.*/\2/p' $headers)
sizes=$(
  for header in $headers; do echo "#include <$header>"; done
  echo "extern const size_t baton_sizes[];"
  echo "const size_t baton_sizes[] = {"
  for struct in $structs; do echo "sizeof(struct $struct),"; done
  echo "};"
)
[ "$(echo "$structs" | wc -l)" -ge 50 ] || { echo "failed: the structs were not found"; exit 1; }

for standard in c11 c17 c++17 c++20; do
  case $standard in c++*) language=c++ ;; *) language=c ;; esac
  for header in $headers; do
    echo "#include <$header>" | "$compiler" -x $language -std=$standard $strict -Wpadded - ||
      { echo "failed: $header as $standard"; exit 1; }
  done
  echo "$sizes" | "$compiler" -x $language -std=$standard $strict -Wpadded - || { echo "failed: sizes as $standard"; exit 1; }
done
for header in "$include"/baton/cpp/*.hpp; do
  echo "#include \"$header\"" | "$compiler" -x c++ -std=c++20 $strict -Wconversion -Wshadow - ||
    { echo "failed: $header"; exit 1; }
done

# refused TEXT: C++ that must not compile, and is fine but for its last line.
refused() {
  echo "$1" | sed '$d' | "$compiler" -x c++ -std=c++20 -fsyntax-only "-I$include" - ||
    { echo "failed: not even the beginning compiles: $1"; exit 1; }
  if echo "$1" | "$compiler" -x c++ -std=c++20 -fsyntax-only "-I$include" - 2>/dev/null; then
    echo "failed: this was accepted: $1"
    exit 1
  fi
}
# A C++ function that may throw must fit neither into a table nor into the place of a callback.
refused '#include <baton/host.h>
int64_t may_throw(const baton_host*) { return 0; }
void fill(baton_host& host) { host.now = &may_throw; }'
refused '#include <baton/ext/timer.h>
void may_throw(void*, baton_timer) {}
void start(const baton_host_timer& timers) { baton_timer out; timers.start(nullptr, {0}, 1, 0, &may_throw, nullptr, &out); }'
refused '#include <baton/ext/files.h>
void may_throw(void*, baton_file_op, baton_status, baton_str) {}
baton_file_done done = &may_throw;'
refused '#include <baton/ext/process.h>
void may_throw(void*, baton_process) {}
baton_process_events events{sizeof(events), 0, nullptr, &may_throw, nullptr};'
# Nor one handle into the place of another.
refused '#include <baton/ext/timer.h>
baton_process process;
void close(const baton_host_timer& timers) { timers.close(nullptr, process); }'
