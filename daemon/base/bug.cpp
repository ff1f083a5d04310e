#include "base/bug.hpp"

#include <cstdio>
#include <cstdlib>

namespace baton {

void bug(const char* what, const char* file, int line) {
  std::fprintf(stderr, "<2>bug: %s (%s:%d)\n", what, file, line);  // <2>: "critical" to journald
  std::abort();
}

}  // namespace baton
