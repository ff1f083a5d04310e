// baton-plugin-probe FILE: loads a plugin and says as JSON on stdout what it is, so that what a bad one does on loading
// happens in a process of its own. The daemon ends it after its time.
#include <cstdio>
#include <string>

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "plugin/library.hpp"

namespace {

// The answer goes to a copy of stdout; what the library itself prints goes nowhere.
int take_stdout() {
  const int answer = ::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
  const int nowhere = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
  if (nowhere >= 0) {
    ::dup2(nowhere, STDOUT_FILENO);
    ::close(nowhere);
  }
  return answer;
}

bool write_all(int descriptor, const std::string& text) {
  for (std::size_t written = 0; written < text.size();) {
    const auto count = ::write(descriptor, text.data() + written, text.size() - written);
    if (count <= 0) return false;
    written += static_cast<std::size_t>(count);
  }
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: baton-plugin-probe FILE\n", stderr);
    return 2;
  }
  const rlimit no_core{0, 0};  // a crash here is an answer, not a thing to keep
  ::setrlimit(RLIMIT_CORE, &no_core);
  const int answer = take_stdout();
  const auto library = baton::plugin::open_library(argv[1]);
  const auto examined = library.map([](const auto& loaded) { return loaded.manifest; });
  // _exit: what the library registered to run at exit is none of the answer.
  ::_exit(write_all(answer, baton::plugin::to_json(examined)) ? 0 : 1);
}
