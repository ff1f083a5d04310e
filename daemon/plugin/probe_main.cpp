// Does with a plugin what a bad one may not survive, in a process of its own, which the daemon ends after its time.
//
//   baton-plugin-probe FILE                         loads it and says as JSON on stdout what it is
//   baton-plugin-probe --trial FILE INSTANCE DIR    makes an instance and ends it, against a host that refuses
//                                                   everything; its configuration comes on stdin. Prints {"came":…}:
//                                                   that the calls came back is all that counts
//
// Kept small, since it runs at each start: no log, no loop, nothing of the daemon but the check of a manifest.
#include <array>
#include <cerrno>
#include <cstdio>
#include <string>
#include <string_view>

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "baton/ext/runtime.h"
#include "plugin/library.hpp"
#include "plugin/trial_host.hpp"

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

std::string read_stdin() {
  std::string all;
  std::array<char, 4096> chunk;
  for (;;) {
    const auto got = ::read(STDIN_FILENO, chunk.data(), chunk.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return all;
    all.append(chunk.data(), static_cast<std::size_t>(got));
  }
}

// create, caps, quiesce, destroy, as far as they say yes.
void try_instance(const baton_entry& entry, const char* instance, std::string_view config, std::string_view directory) {
  const baton_create_args args{.size = sizeof(baton_create_args),
                               .reserved = 0,
                               .instance = instance,
                               .config = {config.data(), config.size()},
                               .data_dir = {directory.data(), directory.size()}};
  baton_plugin* plugin = nullptr;
  if (entry.create(&baton::plugin::trial_host(), &args, &plugin) < BATON_OK || plugin == nullptr) return;
  if (const auto* table = static_cast<const baton_runtime*>(entry.extension(BATON_EXT_RUNTIME)); table != nullptr) {
    baton_runtime_caps caps{};
    caps.size = sizeof(caps);
    table->caps(plugin, &caps);
  }
  entry.quiesce(plugin, baton_op{1});
  if (baton::plugin::take_trial_completion()) entry.destroy(plugin);
}

std::string looked_at(const char* file) {
  const auto library = baton::plugin::open_library(file);
  return baton::plugin::to_json(library.map([](const auto& loaded) { return loaded.manifest; }));
}

std::string tried(char** argv) {
  const auto config = read_stdin();
  const auto library = baton::plugin::open_library(argv[2]);
  if (library) try_instance(*library->entry, argv[3], config, argv[4]);
  return "{\"came\":true}";
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view first = argc > 1 ? argv[1] : "";
  const bool trial = argc == 5 && first == "--trial", helps = argc == 2 && (first == "--help" || first == "-h");
  if (helps || (!trial && (argc != 2 || first.starts_with("--")))) {
    std::fputs("usage: baton-plugin-probe FILE | --trial FILE INSTANCE DIRECTORY\n", helps ? stdout : stderr);
    return helps ? 0 : 2;
  }
  const rlimit no_core{0, 0};  // a crash here is an answer, not a thing to keep
  ::setrlimit(RLIMIT_CORE, &no_core);
  const int answer = take_stdout();
  const auto text = trial ? tried(argv) : looked_at(argv[1]);
  // _exit: what the library registered to run at exit is none of the answer.
  ::_exit(write_all(answer, text) ? 0 : 1);
}
