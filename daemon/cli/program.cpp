#include "cli/program.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace baton::cli {
namespace {

// posix_spawn's file actions, freed at the end of the scope.
class FileActions {
 public:
  FileActions() { ::posix_spawn_file_actions_init(&actions_); }
  ~FileActions() { ::posix_spawn_file_actions_destroy(&actions_); }
  FileActions(const FileActions&) = delete;
  FileActions& operator=(const FileActions&) = delete;
  posix_spawn_file_actions_t* get() { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_{};
};

std::vector<char*> pointers(const std::vector<std::string>& texts) {
  std::vector<char*> list;
  for (const auto& text : texts) list.push_back(const_cast<char*>(text.c_str()));
  list.push_back(nullptr);
  return list;
}

}  // namespace

std::vector<std::string> clean_environment(const std::filesystem::path& home) {
  const char* path = std::getenv("PATH");
  return {fmt::format("PATH={}", path != nullptr ? path : "/usr/local/bin:/usr/bin:/bin"),
          fmt::format("HOME={}", home.string()), "LC_ALL=C.UTF-8"};
}

Result<pid_t> start_program(const Program& program) {
  FileActions actions;
  const auto output = program.output.empty() ? std::string("/dev/null") : program.output.string();
  constexpr mode_t kLogMode = 0600;
  ::posix_spawn_file_actions_addopen(actions.get(), 0, "/dev/null", O_RDONLY, 0);
  ::posix_spawn_file_actions_addopen(actions.get(), 1, output.c_str(), O_WRONLY | O_CREAT | O_APPEND, kLogMode);
  ::posix_spawn_file_actions_adddup2(actions.get(), 1, 2);
  ::posix_spawn_file_actions_addchdir_np(actions.get(), program.directory.c_str());
  auto argv = pointers(program.argv);
  auto env = pointers(program.env);
  pid_t pid = 0;
  const int error = ::posix_spawnp(&pid, argv[0], actions.get(), nullptr, argv.data(), env.data());
  if (error != 0) {
    return fail(error == ENOENT ? Errc::kNotFound : Errc::kIo,
                fmt::format("cannot start {}: {}", program.argv[0], std::strerror(error)));
  }
  return pid;
}

Result<Unit> run_program(const Program& program) {
  const auto pid = start_program(program);
  if (!pid) return fail(pid.error());
  int status = 0;
  while (::waitpid(*pid, &status, 0) < 0 && errno == EINTR) {
  }
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    return fail(Errc::kInternal, fmt::format("'{}' failed", fmt::join(program.argv, " ")));
  }
  return Unit{};
}

}  // namespace baton::cli
