#include "plugin_check/runner.hpp"

#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <optional>
#include <system_error>
#include <utility>

#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/text.hpp"
#include "process/command.hpp"
#include "reactor/loop.hpp"
#include "reactor/scope.hpp"

namespace baton::plugin_check {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kCaptured = 256 * 1024, kShown = 4 * 1024;
constexpr const char* kFinding = "finding.json";

// A directory that ends with this object.
class Scratch {
 public:
  static Result<Scratch> make() {
    std::error_code error;
    std::string name = (fs::temp_directory_path(error) / "baton-plugin-check-XXXXXX").native();
    if (error || ::mkdtemp(name.data()) == nullptr) return fail(Errc::kIo, "no temporary directory can be made");
    return Scratch(name);
  }
  Scratch(Scratch&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  Scratch& operator=(Scratch&&) = delete;
  ~Scratch() {
    std::error_code error;
    if (!path_.empty()) fs::remove_all(path_, error);
  }
  const fs::path& path() const { return path_; }

 private:
  explicit Scratch(fs::path path) : path_(std::move(path)) {}
  fs::path path_;
};

std::chrono::seconds limit_of(const Options& options, const Check& check) {
  return options.limit_s > 0 ? std::chrono::seconds(options.limit_s) : check.limit;
}

process::Command command_for(const Options& options, const Check& check, const fs::path& scratch) {
  process::Command command;
  auto& spawn = command.spawn;
  spawn.argv = {"/proc/self/exe", options.file.native(),       "--config",  options.config_json,
                "--child",        std::string(check.id),       "--scratch", scratch.native(),
                "--seed",         std::to_string(options.seed)};
  std::error_code error;
  spawn.argv[0] = fs::read_symlink("/proc/self/exe", error).native();
  if (!options.transcripts.empty()) {
    spawn.argv.emplace_back("--transcripts");
    spawn.argv.push_back(fs::absolute(options.transcripts, error).native());
  }
  spawn.cwd = scratch.native();
  for (char** variable = environ; variable != nullptr && *variable != nullptr; ++variable)
    spawn.env.emplace_back(*variable);
  spawn.label = "plugin check";
  command.timeout = limit_of(options, check);
  command.capture = kCaptured;
  command.keep_tail = true;
  return command;
}

reactor::Task<> run_task(reactor::Loop& loop, process::Command command, std::optional<Result<process::Finished>>& out) {
  out.emplace(co_await process::run(loop, nullptr, std::move(command)));
}

Result<process::Finished> run_to_end(process::Command command) {
  reactor::Loop loop;
  reactor::Scope scope(loop);
  std::optional<Result<process::Finished>> finished;
  scope.spawn(run_task(loop, std::move(command), finished));
  while (scope.alive() > 0) {
    loop.context().restart();
    loop.context().run_one();
  }
  return *std::move(finished);
}

std::optional<Finding> left_behind(const fs::path& scratch) {
  std::ifstream in(scratch / kFinding, std::ios::binary);
  const std::string content{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  return finding_from(content);
}

Finding judged(const process::Finished& finished, std::chrono::seconds limit, const fs::path& scratch) {
  const std::string last = last_doing(scratch);
  const std::string where = last.empty() ? "" : ", while " + last;
  if (finished.timed_out) return fault(fmt::format("it did not end within {} s{}", limit.count(), where));
  if (finished.exit.signal != 0)
    return {Verdict::kCrash, fmt::format("it was ended by signal {} ({}){}", finished.exit.signal,
                                         ::strsignal(finished.exit.signal), where)};
  if (auto found = left_behind(scratch)) return *std::move(found);
  return {Verdict::kCrash, fmt::format("its process exited with status {} in the middle{}", finished.exit.code, where)};
}

}  // namespace

Result<Subject> subject_for(const Options& options, const fs::path& scratch) {
  Subject subject{.file = options.file, .config_json = options.config_json, .scratch = scratch, .seed = options.seed};
  if (options.transcripts.empty()) return subject;
  auto transcripts = read_transcripts(options.transcripts);
  if (!transcripts) return fail(transcripts);
  subject.transcripts = *std::move(transcripts);
  return subject;
}

Result<Tried> try_apart(const Options& options, const Check& check) {
  auto scratch = Scratch::make();
  if (!scratch) return fail(scratch);
  const auto began = std::chrono::steady_clock::now();
  auto finished = run_to_end(command_for(options, check, scratch->path()));
  if (!finished) return fail(finished);
  Tried tried;
  tried.check = &check;
  tried.finding = judged(*finished, limit_of(options, check), scratch->path());
  tried.took = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - began);
  tried.output = text::repaired_utf8(text::tail(finished->out + finished->err, kShown));
  return tried;
}

Result<Tried> try_here(const Options& options, const Check& check) {
  auto scratch = Scratch::make();
  if (!scratch) return fail(scratch);
  const auto subject = subject_for(options, scratch->path());
  if (!subject) return fail(subject.error());
  Tried tried;
  tried.check = &check;
  tried.finding = check.run(*subject);
  return tried;
}

void be_the_child(const Options& options) {
  const rlimit no_core{0, 0};  // a crash here is an answer, not a thing to keep
  ::setrlimit(RLIMIT_CORE, &no_core);
  const Check* check = find_check(options.child);
  const auto subject = subject_for(options, options.scratch);
  if (check == nullptr || !subject) ::_exit(kExitUsage);
  const Finding finding = check->run(*subject);
  std::ofstream out(options.scratch / kFinding, std::ios::binary);
  out << to_json(finding);
  out.close();
  std::fflush(nullptr);
  ::_exit(kExitFine);  // what the library registered to run at exit is none of the finding
}

}  // namespace baton::plugin_check
