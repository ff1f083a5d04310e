#include <utility>

#include "git/git.hpp"
#include "git/parse.hpp"
#include "git/pathspec.hpp"

namespace baton::git {

reactor::Task<Result<Status>> Git::status(Checkout checkout) {
  auto invocation = in_checkout(
      checkout, {"status", "--porcelain=v2", "--branch", "-z", "--untracked-files=all", "--ignored=matching"});
  const auto text = co_await runner_.output(std::move(invocation));
  if (!text) co_return fail(text.error());
  co_return parse_status(*text);
}

reactor::Task<Result<Unit>> Git::check_out(Checkout checkout) {
  auto invocation = in_checkout(checkout, {"reset", "--hard", "--quiet", "--no-recurse-submodules"});
  const auto text = co_await runner_.output(std::move(invocation));
  if (!text) co_return fail(text.error());
  co_return Unit{};
}

reactor::Task<Result<Unit>> Git::stage_all(Checkout checkout, std::vector<std::string> nested) {
  auto invocation = in_checkout(checkout, {"add", "--all", "--sparse"});
  append_all_but(invocation.arguments, nested);
  invocation.durable = true;
  const auto text = co_await runner_.output(std::move(invocation));
  if (!text) co_return fail(text.error());
  co_return Unit{};
}

reactor::Task<Result<Unit>> Git::stage(Checkout checkout, std::vector<std::string> names) {
  auto invocation = in_checkout(checkout, {"add", "--all", "--force", "--sparse", "--"});
  for (const auto& name : names) invocation.arguments.push_back(":(literal)" + name);
  invocation.durable = true;
  const auto text = co_await runner_.output(std::move(invocation));
  if (!text) co_return fail(text.error());
  co_return Unit{};
}

reactor::Task<Result<std::string>> Git::commit(Checkout checkout, std::string message) {
  auto committing = in_checkout(checkout, {"commit", "--quiet", "--no-verify", "--allow-empty", "--no-gpg-sign",
                                           "--cleanup=whitespace", "--message=" + message});
  committing.durable = true;
  const auto committed = co_await runner_.output(std::move(committing));
  if (!committed) co_return fail(committed.error());
  auto asking = in_checkout(checkout, {"rev-parse", "--verify", "HEAD^{commit}"});
  auto head = co_await runner_.output(std::move(asking));
  if (!head) co_return fail(head);
  if (head->ends_with('\n')) head->pop_back();
  if (!is_commit_id(*head)) co_return fail(Errc::kInternal, "git rev-parse gave an odd answer");
  co_return std::move(*head);
}

reactor::Task<Result<std::vector<std::string>>> Git::submodules(Checkout checkout) {
  auto invocation = in_checkout(checkout, {"ls-files", "--stage", "-z"});
  invocation.capture = 8 * limits::kGitCapture;  // a line for each file: room for two million
  const auto text = co_await runner_.output(std::move(invocation));
  if (!text) co_return fail(text.error());
  co_return parse_gitlinks(*text);
}

reactor::Task<Result<std::vector<std::string>>> Git::ignored(Checkout checkout) {
  auto invocation = in_checkout(checkout, {"ls-files", "--others", "--ignored", "--exclude-standard", "--directory",
                                           "--no-empty-directory", "-z"});
  const auto text = co_await runner_.output(std::move(invocation));
  if (!text) co_return fail(text.error());
  co_return parse_ignored(*text);
}

}  // namespace baton::git
