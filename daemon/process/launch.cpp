#include "process/launch.hpp"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <string_view>
#include <utility>

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fmt/format.h>

#include "process/program.hpp"

namespace baton::process {
namespace {

std::string why(int error) { return std::strerror(error); }

struct Pipe {
  Descriptor reader, writer;
};

// A daemon that was started without stdio would get 0, 1 or 2 here, which the child's own 0, 1, 2 would overwrite.
Descriptor above_stdio(int number) {
  Descriptor given(number);
  return number > 2 ? std::move(given) : Descriptor(::fcntl(number, F_DUPFD_CLOEXEC, 3));
}

Result<Pipe> make_pipe() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return fail(Errc::kIo, "cannot make a pipe: " + why(errno));
  Pipe pipe{above_stdio(ends[0]), above_stdio(ends[1])};
  if (!pipe.reader.valid() || !pipe.writer.valid()) return fail(Errc::kIo, "cannot make a pipe: " + why(errno));
  return pipe;
}

void make_non_blocking(const Descriptor& ours) { ::fcntl(ours.get(), F_SETFL, O_NONBLOCK); }

// What posix_spawn shall do in the child, in this order.
class Plan {
 public:
  Plan() {
    ::posix_spawn_file_actions_init(&actions_);
    ::posix_spawnattr_init(&attributes_);
    sigset_t all, none;
    ::sigfillset(&all);
    ::sigemptyset(&none);
    ::posix_spawnattr_setsigdefault(&attributes_, &all);
    ::posix_spawnattr_setsigmask(&attributes_, &none);
    ::posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
  }
  ~Plan() {
    ::posix_spawn_file_actions_destroy(&actions_);
    ::posix_spawnattr_destroy(&attributes_);
  }
  Plan(const Plan&) = delete;
  Plan& operator=(const Plan&) = delete;

  void stdin_from(const Pipe& input) {
    if (input.reader.valid()) {
      ::posix_spawn_file_actions_adddup2(&actions_, input.reader.get(), 0);
    } else {
      ::posix_spawn_file_actions_addopen(&actions_, 0, "/dev/null", O_RDONLY, 0);
    }
  }
  void output_to(const Pipe& output, int number) {
    ::posix_spawn_file_actions_adddup2(&actions_, output.writer.get(), number);
  }
  void work_in(const std::string& cwd) { ::posix_spawn_file_actions_addchdir_np(&actions_, cwd.c_str()); }
  void close_the_rest() { ::posix_spawn_file_actions_addclosefrom_np(&actions_, 3); }

  posix_spawn_file_actions_t actions_;
  posix_spawnattr_t attributes_;
};

std::vector<char*> pointers(const std::vector<std::string>& texts) {
  std::vector<char*> out;
  out.reserve(texts.size() + 1);
  for (const auto& text : texts) out.push_back(const_cast<char*>(text.c_str()));
  out.push_back(nullptr);
  return out;
}

constexpr const char* kShell = "/bin/sh";
constexpr const char* kEnter = R"(echo 0 > "$1" || exit 125; shift; exec "$@")";  // 0: the writer itself
constexpr const char* kMadeByShells[] = {"PWD", "OLDPWD", "SHLVL"};

bool is_identifier(std::string_view name) {
  const auto fits = [](char c) { return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  return !name.empty() && !digit(name[0]) &&
         std::all_of(name.begin(), name.end(), [&](char c) { return fits(c) || digit(c); });
}

// The environment is to be the one that was asked for: a shell adds variables of its own, and some drop those whose
// names it could not use itself. The latter are given back by env, for a moment readable as its arguments.
std::vector<std::string> by_way_of(const std::string& cgroup, const std::string& program, const SpawnRequest& request) {
  std::string script;
  for (const std::string_view name : kMadeByShells) {
    const auto sets = [&](const std::string& entry) { return entry.starts_with(std::string(name) + "="); };
    if (std::none_of(request.env.begin(), request.env.end(), sets)) script += fmt::format("unset {}; ", name);
  }
  std::vector<std::string> words{kShell, "-c", script + kEnter, "enter", cgroup + "/cgroup.procs"};
  std::vector<std::string> odd;
  for (const auto& entry : request.env)
    if (!is_identifier(std::string_view(entry).substr(0, entry.find('=')))) odd.push_back(entry);
  if (!odd.empty()) {
    words.insert(words.end(), {"/usr/bin/env", "--"});
    words.insert(words.end(), odd.begin(), odd.end());
  }
  words.push_back(program);
  words.insert(words.end(), request.argv.begin() + 1, request.argv.end());
  return words;
}

bool holds_nul(const std::string& text) { return text.find('\0') != std::string::npos; }

Result<Unit> check(const SpawnRequest& request) {
  if (request.argv.empty()) return fail(Errc::kInvalid, "there is no program to start");
  if (holds_nul(request.cwd) || std::any_of(request.argv.begin(), request.argv.end(), holds_nul))
    return fail(Errc::kInvalid, "an argument of " + request.argv[0] + " holds a zero byte");
  for (const auto& entry : request.env)
    if (holds_nul(entry) || entry.find('=') == std::string::npos || entry.front() == '=')
      return fail(Errc::kInvalid, "an environment entry of " + request.argv[0] + " is not NAME=value");
  struct stat status {};
  if (::stat(request.cwd.c_str(), &status) != 0)
    return fail(Errc::kInvalid, fmt::format("cannot work in {}: {}", request.cwd, why(errno)));
  if (!S_ISDIR(status.st_mode)) return fail(Errc::kInvalid, request.cwd + " is not a directory");
  return Unit{};
}

Error spawn_error(int error, const std::string& program) {
  switch (error) {
    case E2BIG:
      return {Errc::kTooLarge,
              "the arguments of " + program +
                  " are longer than the system allows (128 KiB for one): pass long text through stdin"};
    case ENOENT:  // the file is there: its #! line names what is not
    case EACCES:
    case ENOEXEC:
    case ENOTDIR: return {Errc::kNotFound, "cannot start " + program + ": " + why(error)};
    default: return {Errc::kIo, "cannot start " + program + ": " + why(error)};
  }
}

}  // namespace

void end_now(int pid) {
  constexpr int kLongestWaitMs = 2000;
  ::kill(-pid, SIGKILL);
  const Descriptor pidfd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
  pollfd ends{.fd = pidfd.get(), .events = POLLIN, .revents = 0};
  int ready = 1;
  if (pidfd.valid()) {
    do ready = ::poll(&ends, 1, kLongestWaitMs);
    while (ready < 0 && errno == EINTR);
  }
  if (ready == 0) return;
  siginfo_t info{};
  while (::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED) != 0 && errno == EINTR) {
  }
}

Result<Launched> launch(const SpawnRequest& request, const std::string& cgroup) {
  if (auto good = check(request); !good) return fail(good);
  const auto program = find_program(request.argv[0], request.env, request.cwd);
  if (!program) return fail(program.error());

  Result<Pipe> input = request.keep_stdin ? make_pipe() : Result<Pipe>(Pipe{});
  Result<Pipe> output = make_pipe();
  Result<Pipe> errors = make_pipe();
  for (auto* pipe : {&input, &output, &errors})
    if (!*pipe) return fail(*pipe);

  Plan plan;
  plan.stdin_from(*input);
  plan.output_to(*output, 1);
  plan.output_to(*errors, 2);
  plan.work_in(request.cwd);
  plan.close_the_rest();

  Launched launched;
  const auto words = cgroup.empty() ? request.argv : by_way_of(cgroup, *program, request);
  const auto argv = pointers(words);
  const auto env = pointers(request.env);
  const char* const file = cgroup.empty() ? program->c_str() : kShell;
  const int error = ::posix_spawn(&launched.pid, file, &plan.actions_, &plan.attributes_, argv.data(), env.data());
  if (error != 0) return fail(spawn_error(error, *program));

  launched.pidfd = Descriptor(static_cast<int>(::syscall(SYS_pidfd_open, launched.pid, 0)));
  if (!launched.pidfd.valid()) {
    const int reason = errno;
    end_now(launched.pid);
    return fail(Errc::kIo, "cannot watch " + *program + ": " + why(reason));
  }
  launched.stdin_writer = std::move(input->writer);
  launched.stdout_reader = std::move(output->reader);
  launched.stderr_reader = std::move(errors->reader);
  if (launched.stdin_writer.valid()) make_non_blocking(launched.stdin_writer);
  make_non_blocking(launched.stdout_reader);
  make_non_blocking(launched.stderr_reader);
  return launched;
}

}  // namespace baton::process
