// Several refs in one process: changed together, or described.
#include <utility>

#include "git/git.hpp"
#include "git/parse.hpp"

namespace baton::git {

namespace fs = std::filesystem;

// Zero bytes between the words, so that no name can become a command.
reactor::Task<Result<Unit>> Git::change_refs(fs::path directory, std::vector<RefChange> changes) {
  Invocation invocation;
  invocation.directory = std::move(directory);
  invocation.arguments = {"update-ref", "-z", "--stdin"};
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

}  // namespace baton::git
