#include <initializer_list>
#include <string>
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
  invocation.arguments = {"worktree", "add", "--quiet", "--no-guess-remote", "--no-checkout"};
  const auto add = [&](std::initializer_list<std::string> more) {
    invocation.arguments.insert(invocation.arguments.end(), more);
  };
  if (!wanted.lock_reason.empty()) add({"--lock", "--reason", wanted.lock_reason});
  if (wanted.branch.empty()) add({"--detach"});
  add({"--end-of-options", wanted.path.string(), wanted.branch.empty() ? wanted.commit : wanted.branch});
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
