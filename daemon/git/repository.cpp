#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/text.hpp"
#include "git/failure.hpp"
#include "git/git.hpp"
#include "git/parse.hpp"

namespace baton::git {
namespace {

namespace fs = std::filesystem;

using Arguments = std::vector<std::string>;

Invocation invocation_in(fs::path directory, Arguments arguments) {
  Invocation invocation;
  invocation.directory = std::move(directory);
  invocation.arguments = std::move(arguments);
  return invocation;
}

Error odd_answer(const char* command) {
  return {Errc::kInternal, std::string("git ") + command + " gave an odd answer"};
}

bool has_control(const std::string& text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

std::string quoted(const std::string& text) { return text::shell_quoted(text::shortened(text)); }

Error unknown_revision(const std::string& revision) {
  if (revision == "HEAD")
    return {Errc::kUnprocessable, "the repository has no commit yet: make a first one", "no_commits"};
  return {Errc::kUnprocessable, "the repository has no commit named " + quoted(revision), "bad_ref"};
}

// Somebody named the directory: what is wrong with it matters to him, not how git was asked.
Error about(const fs::path& directory, std::string_view problem, Error error) {
  if (error.reason == "not_a_repository") error.what = fmt::format("{} {}", quoted(directory.string()), problem);
  return error;
}

constexpr std::string_view kNoDirectory = "is not a directory that can be worked in";
constexpr std::string_view kNoRepository = "is not in a git repository";

}  // namespace

reactor::Task<Result<Resolved>> Git::find_repository(fs::path directory) {
  const Arguments arguments{"rev-parse", "--path-format=absolute", "--git-common-dir", "--is-bare-repository"};
  const auto finished = co_await runner_.run(invocation_in(directory, arguments));
  if (!finished) co_return fail(about(directory, kNoDirectory, finished.error()));
  if (!finished->ok()) co_return fail(about(directory, kNoRepository, failed(arguments, *finished)));
  auto resolved = parse_resolved(finished->out);
  if (!resolved) co_return fail(odd_answer("rev-parse"));
  co_return std::move(*resolved);
}

reactor::Task<Result<Resolved>> Git::resolve(fs::path directory, std::string revision, std::string branch) {
  if (revision.empty()) revision = "HEAD";
  if (has_control(revision)) co_return fail(Errc::kUnprocessable, "a revision holds a control character", "bad_ref");
  const bool several = revision.starts_with('^') || revision.find("..") != std::string::npos;
  if (several) co_return fail(unknown_revision(revision));
  // With --revs-only it stops, without a word, at the first revision that it does not know.
  Arguments arguments{"rev-parse",   "--path-format=absolute", "--git-common-dir",    "--is-bare-repository",
                      "--revs-only", "--end-of-options",       revision + "^{commit}"};
  if (!branch.empty()) arguments.push_back("refs/heads/" + branch + "^{commit}");
  const auto finished = co_await runner_.run(invocation_in(directory, arguments));
  if (!finished) co_return fail(about(directory, kNoDirectory, finished.error()));
  auto resolved = parse_resolved(finished->out);
  if (!resolved) co_return fail(about(directory, kNoRepository, failed(arguments, *finished)));
  if (!finished->ok() || resolved->commit.empty()) co_return fail(unknown_revision(revision));
  co_return std::move(*resolved);
}

reactor::Task<Result<std::optional<Branch>>> Git::find_branch(fs::path directory, std::string name) {
  const std::string ref = "refs/heads/" + name;
  Arguments arguments{"for-each-ref", "--format=%(refname)%00%(objectname)%00%(worktreepath)%00%00", ref};
  const auto text = co_await runner_.output(invocation_in(std::move(directory), std::move(arguments)));
  if (!text) co_return fail(text.error());
  if (!text->starts_with(ref + '\0')) co_return std::nullopt;  // none, or branches in a folder of that name
  const std::size_t tip = ref.size() + 1;
  const std::size_t tip_end = text->find('\0', tip);
  const std::size_t path_end = text->find('\0', tip_end + 1);
  if (path_end == std::string::npos) co_return fail(odd_answer("for-each-ref"));
  Branch branch{text->substr(tip, tip_end - tip), text->substr(tip_end + 1, path_end - tip_end - 1)};
  co_return branch;
}

reactor::Task<Result<std::vector<Ref>>> Git::refs_below(fs::path directory, std::string prefix) {
  Arguments arguments{"for-each-ref", "--format=%(objectname) %(refname)", std::move(prefix)};
  const auto text = co_await runner_.output(invocation_in(std::move(directory), std::move(arguments)));
  if (!text) co_return fail(text.error());
  co_return parse_refs(*text);
}

reactor::Task<Result<Unit>> Git::create_ref(fs::path directory, std::string ref, std::string commit) {
  return move_ref(std::move(directory), std::move(ref), std::move(commit), {});  // git reads "" as "must not exist"
}

reactor::Task<Result<Unit>> Git::move_ref(fs::path directory, std::string ref, std::string commit,
                                          std::string expected) {
  Arguments arguments{"update-ref", "--end-of-options", std::move(ref), std::move(commit), std::move(expected)};
  auto invocation = invocation_in(std::move(directory), std::move(arguments));
  invocation.durable = true;
  const auto text = co_await runner_.output(std::move(invocation));
  if (!text) co_return fail(text.error());
  co_return Unit{};
}

reactor::Task<Result<Unit>> Git::delete_ref(fs::path directory, std::string ref, std::string expected) {
  Arguments arguments{"update-ref", "-d", "--end-of-options", std::move(ref), std::move(expected)};
  const auto text = co_await runner_.output(invocation_in(std::move(directory), std::move(arguments)));
  if (!text) co_return fail(text.error());
  co_return Unit{};
}

reactor::Task<Result<std::optional<Commit>>> Git::oldest_of_ours(fs::path directory, std::string branch,
                                                                 std::string subject) {
  Arguments arguments{"log",
                      "--first-parent",
                      "--no-show-signature",
                      "--fixed-strings",
                      "--grep=" + subject,
                      "--format=%H %P%x00%ae%x00%s%x00",
                      "--end-of-options",
                      "refs/heads/" + branch,
                      "--"};
  const auto text = co_await runner_.output(invocation_in(std::move(directory), std::move(arguments)));
  if (!text) co_return fail(text.error());
  co_return parse_oldest(*text, "clawboo@localhost", subject);
}

reactor::Task<Result<std::optional<std::string>>> Git::file_at(fs::path directory, std::string commit,
                                                               std::string path) {
  if (has_control(commit) || has_control(path)) co_return fail(Errc::kInvalid, "a file name holds a control character");
  Arguments arguments{"cat-file", "--batch"};
  auto invocation = invocation_in(std::move(directory), std::move(arguments));
  invocation.input = commit + ":" + path + "\n";
  invocation.capture = limits::kSorFile + 256;  // and the line before it
  const auto text = co_await runner_.output(std::move(invocation));
  if (!text) co_return fail(text.error());
  co_return parse_blob(*text);
}

reactor::Task<Result<std::vector<std::string>>> Git::names_at(fs::path directory, std::string commit,
                                                              std::vector<std::string> names) {
  // --full-tree: also from a directory inside the repository
  Arguments arguments{"ls-tree", "--full-tree", "--name-only", "-z", "--end-of-options", std::move(commit), "--"};
  arguments.insert(arguments.end(), names.begin(), names.end());
  const auto text = co_await runner_.output(invocation_in(std::move(directory), std::move(arguments)));
  if (!text) co_return fail(text.error());
  co_return parse_names(*text);
}

}  // namespace baton::git
