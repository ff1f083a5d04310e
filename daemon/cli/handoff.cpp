// baton handoff check: whether a file is a hand-off, by the rules of the daemon and without one.
#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include <fmt/core.h>

#include "base/json_writer.hpp"
#include "base/limits.hpp"
#include "cli/commands.hpp"
#include "handoff/schema.hpp"

namespace baton::cli {
namespace {

Error unreadable(const std::string& file) {
  return {Errc::kIo, fmt::format("cannot read {}: {}", file, std::strerror(errno))};
}

// One byte more than a hand-off may have is enough to know.
Result<std::string> read_some(int from, const std::string& file) {
  std::string content;
  std::array<char, 16 * 1024> chunk;
  while (content.size() <= limits::kSorFile) {
    const ssize_t got = ::read(from, chunk.data(), chunk.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fail(unreadable(file));
    if (got == 0) break;
    content.append(chunk.data(), static_cast<std::size_t>(got));
  }
  return content;
}

Result<std::string> read_named(const std::string& file) {
  if (file == "-") return read_some(STDIN_FILENO, "standard input");
  const int opened = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (opened < 0) return fail(unreadable(file));
  auto content = read_some(opened, file);
  ::close(opened);
  return content;
}

void print_json(const std::vector<handoff::Problem>& problems) {
  std::string out;
  json::Writer json(out);
  json.object().field("ok", problems.empty()).key("problems").array();
  for (const auto& problem : problems) handoff::to_json(json, problem);
  json.end().end();
  fmt::print("{}\n", out);
}

void print_text(const std::string& file, const std::vector<handoff::Problem>& problems) {
  if (problems.empty()) fmt::print("{} is a good hand-off\n", file);
  for (const auto& [path, what] : problems) fmt::print("{}: {}\n", path.empty() ? "the file" : path, what);
  if (!problems.empty()) fmt::print(stderr, "baton: {} is no hand-off, {} problems\n", file, problems.size());
}

}  // namespace

int check_handoff_file(const std::string& file, bool json) {
  const auto content = read_named(file);
  if (!content) {
    (void)report(content.error());
    return kUnreachable;
  }
  const auto problems = handoff::check_handoff(*content);
  if (json) {
    print_json(problems);
  } else {
    print_text(file, problems);
  }
  return problems.empty() ? kOk : kRefused;
}

}  // namespace baton::cli
