// An untracked file is work like any other, but `git diff` does not see it, nor one that is flagged as unchanged. So
// each diff first clears the flags and notes every untracked file with `add --intent-to-add`, which writes no objects,
// in an index of its own, and compares with that.
#include <algorithm>
#include <utility>

#include "base/text.hpp"
#include "git/failure.hpp"
#include "git/git.hpp"
#include "git/parse.hpp"
#include "git/pathspec.hpp"
#include "git/scratch_index.hpp"

namespace baton::git {
namespace {

Invocation with_index(const Checkout& checkout, const ScratchIndex& index, std::vector<std::string> arguments) {
  auto invocation = in_checkout(checkout, std::move(arguments));
  invocation.variables.emplace_back("GIT_INDEX_FILE", index.path().string());
  return invocation;
}

// The repository's own diff settings must not change the form.
Invocation comparison(const Checkout& checkout, const ScratchIndex& index, const DiffRequest& request,
                      std::vector<std::string> form) {
  std::vector<std::string> arguments{"diff",           "--no-color",     "--no-ext-diff",     "--no-textconv",
                                     "--no-relative",  "--find-renames", "--submodule=short", "--src-prefix=a/",
                                     "--dst-prefix=b/"};
  arguments.insert(arguments.end(), form.begin(), form.end());
  arguments.insert(arguments.end(), {"--end-of-options", request.commit});
  append_all_but(arguments, request.excluded);
  return with_index(checkout, index, std::move(arguments));
}

}  // namespace

// Returns the repositories inside the checkout that have no commit: git cannot note them.
reactor::Task<Result<std::vector<std::string>>> Git::note_untracked(const Checkout& checkout,
                                                                    const ScratchIndex& index) {
  const auto unhidden = co_await unhide(checkout, index.path());
  if (!unhidden) co_return fail(unhidden.error());
  std::vector<std::string> nested;
  auto first = with_index(checkout, index, {"add", "--all", "--sparse", "--intent-to-add", "--", "."});
  const auto arguments = first.arguments;
  const auto noted = co_await runner_.run(std::move(first));
  if (!noted) co_return fail(noted.error());
  if (noted->ok()) co_return nested;
  if (noted->err.find("does not have a commit checked out") == std::string::npos)
    co_return fail(failed(arguments, *noted));

  auto found = co_await status(checkout);
  if (!found) co_return fail(found);
  nested = std::move(found->nested);
  auto again = with_index(checkout, index, {"add", "--all", "--sparse", "--intent-to-add"});
  append_all_but(again.arguments, nested);
  const auto done = co_await runner_.output(std::move(again));
  if (!done) co_return fail(done.error());
  co_return nested;
}

reactor::Task<Result<std::vector<FileChange>>> Git::changes(Checkout checkout, DiffRequest request) {
  const auto index = ScratchIndex::of(checkout);
  if (!index) co_return fail(index.error());
  const auto nested = co_await note_untracked(checkout, *index);
  if (!nested) co_return fail(nested.error());
  auto invocation = comparison(checkout, *index, request, {"--numstat", "-z"});
  const auto text = co_await runner_.output(std::move(invocation));
  if (!text) co_return fail(text.error());
  auto changes = parse_numstat(*text);
  for (const auto& path : *nested) {
    FileChange change;
    change.path = path;
    change.binary = true;
    changes.push_back(std::move(change));
  }
  co_return changes;
}

reactor::Task<Result<DiffText>> Git::diff(Checkout checkout, DiffRequest request, std::size_t limit) {
  const auto index = ScratchIndex::of(checkout);
  if (!index) co_return fail(index.error());
  const auto nested = co_await note_untracked(checkout, *index);
  if (!nested) co_return fail(nested.error());
  auto invocation = comparison(checkout, *index, request, {"--patch"});
  invocation.capture = limit;
  invocation.may_be_cut = true;
  const auto arguments = invocation.arguments;
  auto finished = co_await runner_.run(std::move(invocation));
  if (!finished) co_return fail(finished);
  if (!finished->ok() && !finished->cut) co_return fail(failed(arguments, *finished));
  DiffText diff;
  diff.cut = finished->cut;
  diff.text = std::move(finished->out);
  if (diff.cut) diff.text.resize(text::head(diff.text, limit - std::min<std::size_t>(limit, 4)).size());
  for (const auto& path : *nested) diff.text += "Repository " + path + " has no commit: its files are not shown\n";
  co_return diff;
}

}  // namespace baton::git
