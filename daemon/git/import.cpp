// A commit from texts, by one `git fast-import`: no checkout, no index. What git would do in a checkout, it would do
// for each file in it: look whether it changed, and write an index that names it.
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "base/text.hpp"
#include "git/failure.hpp"
#include "git/git.hpp"
#include "git/parse.hpp"

namespace baton::git {
namespace {

constexpr std::string_view kOurs = "clawboo <clawboo@localhost>";  // as in environment.cpp

// git-fast-import(1). The names are plain, see NewFile.
std::string stream_of(const NewCommit& commit) {
  std::string stream;
  const auto data = [&stream](std::string_view text) { stream += fmt::format("data {}\n{}\n", text.size(), text); };
  stream += fmt::format("feature done\ncommit refs/heads/{}\nmark :1\ncommitter {} now\n", commit.branch, kOurs);
  data(commit.message + "\n");
  stream += fmt::format("from {}\n", commit.parent);
  for (const auto& name : commit.removed) stream += fmt::format("D {}\n", name);
  for (const auto& file : commit.files) {
    stream += fmt::format("M {} inline {}\n", file.executable ? "100755" : "100644", file.name);
    data(file.content);
  }
  return stream += "get-mark :1\ndone\n";
}

// What dies in there leaves a report in the user's repository, and says where.
void remove_crash_report(std::string_view err) {
  constexpr std::string_view kSays = "fast-import: dumping crash report to ";
  const auto at = err.find(kSays);
  if (at == std::string_view::npos) return;
  const auto rest = err.substr(at + kSays.size());
  const std::filesystem::path report(rest.substr(0, rest.find('\n')));
  std::error_code ignored;
  if (report.filename().string().starts_with("fast_import_crash_")) std::filesystem::remove(report, ignored);
}

}  // namespace

reactor::Task<Result<std::string>> Git::import_commit(std::filesystem::path common_dir, NewCommit commit) {
  Invocation invocation;
  invocation.directory = common_dir;
  invocation.variables.emplace_back("GIT_DIR", common_dir.string());
  invocation.arguments = {"fast-import", "--quiet", "--date-format=now"};
  invocation.input = stream_of(commit);
  const auto arguments = invocation.arguments;
  const auto finished = co_await runner_.run(std::move(invocation));
  if (!finished) co_return fail(finished.error());
  if (!finished->ok()) {
    remove_crash_report(finished->err);
    co_return fail(disk_full(common_dir, failed(arguments, *finished)));
  }
  std::string id(text::trimmed(finished->out));
  if (!is_commit_id(id)) co_return fail(Errc::kInternal, "git fast-import gave an odd answer");
  co_return id;
}

}  // namespace baton::git
