// Several refs in one process: changed together, described, or asked what they do not lead to.
#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

#include "base/text.hpp"
#include "git/failure.hpp"
#include "git/git.hpp"
#include "git/parse.hpp"

namespace baton::git {

namespace fs = std::filesystem;

namespace {

// rev-list --parents: a commit and its parents in each line. Those that are nobody's parent.
std::vector<std::string> tips_in(std::string_view listed) {
  std::set<std::string_view> commits;
  std::set<std::string_view> parents;
  for (const auto line : text::lines(listed)) {
    for (std::size_t at = 0; at < line.size();) {
      const auto end = std::min(line.size(), line.find(' ', at));
      (at == 0 ? commits : parents).insert(line.substr(at, end - at));
      at = end + 1;
    }
  }
  std::vector<std::string> tips;
  for (const auto commit : commits)
    if (!parents.contains(commit)) tips.emplace_back(commit);
  return tips;
}

}  // namespace

// Zero bytes between the words, so that no name can become a command.
reactor::Task<Result<Unit>> Git::change_refs(fs::path directory, std::vector<RefChange> changes) {
  Invocation invocation;
  invocation.directory = std::move(directory);
  invocation.arguments = {"update-ref", "-z", "--stdin"};
  invocation.durable = true;
  for (const auto& change : changes) {
    const char* verb = change.commit.empty() ? "delete " : change.expected.empty() ? "create " : "update ";
    invocation.input += verb + change.name + '\0';
    if (!change.commit.empty()) invocation.input += change.commit + '\0';
    if (!change.expected.empty()) invocation.input += change.expected + '\0';
  }
  const auto text = co_await runner_.output(std::move(invocation));
  if (!text) co_return fail(text.error());
  co_return Unit{};
}

reactor::Task<Result<std::vector<DescribedRef>>> Git::described_refs(fs::path directory, std::string prefix) {
  Invocation invocation;
  invocation.directory = std::move(directory);
  invocation.arguments = {"for-each-ref", "--format=%(refname)%00%(objectname)%00%(committerdate:unix)%00%(subject)%00",
                          std::move(prefix)};
  const auto text = co_await runner_.output(std::move(invocation));
  if (!text) co_return fail(text.error());
  co_return parse_described_refs(*text);
}

reactor::Task<Result<std::vector<std::string>>> Git::unreached(fs::path directory, std::vector<std::string> commits,
                                                               std::string head, std::string but_refs) {
  Invocation invocation;
  invocation.directory = std::move(directory);
  invocation.arguments = {"rev-list", "--ignore-missing", "--parents"};
  invocation.arguments.insert(invocation.arguments.end(), commits.begin(), commits.end());
  invocation.arguments.insert(invocation.arguments.end(), {"--not", head, "--exclude=" + but_refs, "--all", "--"});
  invocation.may_be_cut = true;
  invocation.capture = 1024 * 1024;  // some ten thousand commits
  const auto arguments = invocation.arguments;
  const auto finished = co_await runner_.run(std::move(invocation));
  if (!finished) co_return fail(finished.error());
  if (finished->cut) co_return commits;
  if (!finished->ok()) co_return fail(failed(arguments, *finished));
  co_return tips_in(finished->out);
}

}  // namespace baton::git
