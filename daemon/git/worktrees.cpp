#include <utility>

#include "git/git.hpp"
#include "git/parse.hpp"

namespace baton::git {

namespace fs = std::filesystem;

reactor::Task<Result<std::vector<Registered>>> Git::worktrees(fs::path directory) {
  Invocation invocation;
  invocation.directory = std::move(directory);
  invocation.arguments = {"worktree", "list", "--porcelain", "-z"};
  const auto text = co_await runner_.output(std::move(invocation));
  if (!text) co_return fail(text.error());
  co_return parse_worktrees(*text);
}

reactor::Task<Result<Unit>> Git::add_worktree(fs::path directory, NewWorktree wanted) {
  Invocation invocation;
  invocation.directory = std::move(directory);
  invocation.arguments = {"worktree", "add", "--quiet", "--no-guess-remote"};
  if (!wanted.commit.empty()) {
    invocation.arguments.insert(invocation.arguments.end(), {"--no-track", wanted.reset ? "-B" : "-b", wanted.branch});
  }
  invocation.arguments.insert(invocation.arguments.end(), {"--end-of-options", wanted.path.string()});
  invocation.arguments.push_back(wanted.commit.empty() ? wanted.branch : wanted.commit);
  const auto text = co_await runner_.output(std::move(invocation));
  if (!text) co_return fail(text.error());
  co_return Unit{};
}

reactor::Task<Result<Unit>> Git::remove_worktree(fs::path directory, fs::path path, Removal removal) {
  Invocation invocation;
  invocation.directory = std::move(directory);
  invocation.arguments = {"worktree", "remove"};
  if (removal != Removal::kClean) invocation.arguments.push_back("--force");
  if (removal == Removal::kEvenLocked) invocation.arguments.push_back("--force");
  invocation.arguments.insert(invocation.arguments.end(), {"--end-of-options", path.string()});
  const auto text = co_await runner_.output(std::move(invocation));
  if (!text) co_return fail(text.error());
  co_return Unit{};
}

}  // namespace baton::git
