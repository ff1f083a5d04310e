#include "worktree/strays.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <set>
#include <string_view>
#include <system_error>
#include <utility>

#include "base/fault_point.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "git/parse.hpp"
#include "worktree/salvage.hpp"
#include "worktree/small_file.hpp"

namespace baton::worktree {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostOfLog = 32;
constexpr std::size_t kMostRefs = 64;                                 // an agent makes none by itself
constexpr std::size_t kMostEntries = 1'000;                           // looked at below refs/worktree
constexpr std::streamoff kLogTail = 128 * 1024;                       // of logs/HEAD: near a thousand steps
constexpr std::string_view kSalvagePattern = "refs/baton/salvage/*";  // they end; what they keep is kept anew

// A name of one commit, or of several, one a line.
constexpr std::array kFiles = {"rebase-merge/autostash",
                               "rebase-apply/autostash",
                               "MERGE_AUTOSTASH",
                               "rebase-merge/orig-head",
                               "rebase-apply/orig-head",
                               "ORIG_HEAD",
                               "MERGE_HEAD",
                               "CHERRY_PICK_HEAD"};

// What was found, and what needs no looking after.
class Search {
 public:
  explicit Search(std::string head) { known_.insert(std::move(head)); }

  bool knows(std::string_view id) const { return known_.contains(id); }
  void covers(std::string_view id) { known_.emplace(id); }
  void add(std::string_view id) {
    const bool is_nothing = id.find_first_not_of('0') == std::string_view::npos;
    if (is_nothing || !git::is_commit_id(id) || !known_.emplace(id).second) return;
    found_.emplace_back(id);
  }
  std::size_t count() const { return found_.size(); }
  std::vector<std::string> found() && { return std::move(found_); }

 private:
  std::set<std::string, std::less<>> known_;
  std::vector<std::string> found_;
};

void search_file(Search& search, const fs::path& file) {
  const auto content = small_file(file);
  if (!content) return;
  const auto lines = text::lines(*content);
  for (std::size_t i = 0; i < std::min(lines.size(), kMostRefs); ++i) search.add(text::trimmed(lines[i]));
}

// git never packs these.
void search_refs(Search& search, const fs::path& folder) {
  std::error_code error;
  std::size_t left = kMostEntries;
  const std::size_t before = search.count();
  for (fs::recursive_directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    if (left-- == 0 || search.count() - before >= kMostRefs) {
      log::warn("{} holds more refs than are looked at", folder.string());
      return;
    }
    search_file(search, entry->path());
  }
}

std::string end_of(const fs::path& file) {
  std::error_code error;
  if (!fs::is_regular_file(fs::symlink_status(file, error))) return {};  // a pipe would never end
  std::ifstream in(file, std::ios::binary);
  if (!in || !in.seekg(0, std::ios::end)) return {};
  const auto size = static_cast<std::streamoff>(in.tellg());
  in.seekg(std::max<std::streamoff>(0, size - kLogTail));
  return std::string{std::istreambuf_iterator<char>(in), {}};
}

// "<old> <new> <who> <when>\t<what>" in each line. By a commit the old one becomes a parent of the new one, so what
// leads to the new one leads to it too; by anything else it may be left behind. The oldest line may be cut: no id then.
void search_log(Search& search, const std::string& log) {
  const std::size_t before = search.count();
  const auto lines = text::lines(log);
  for (auto line = lines.rbegin(); line != lines.rend() && search.count() - before < kMostOfLog; ++line) {
    const auto old_end = line->find(' ');
    if (old_end == std::string_view::npos) continue;
    const auto from = line->substr(0, old_end);
    const auto to = line->substr(old_end + 1, from.size());
    const auto what = line->substr(std::min(line->size(), line->find('\t') + 1));
    search.add(to);
    if (search.knows(to) && (what.starts_with("commit: ") || what.starts_with("commit (merge): "))) search.covers(from);
    if (search.count() - before < kMostOfLog) search.add(from);
  }
}

}  // namespace

std::vector<std::string> possible_strays(const git::Checkout& checkout, const std::string& head) {
  Search search(head);
  search_log(search, end_of(checkout.git_dir / "logs/HEAD"));  // first: it also says what needs no asking
  for (const auto* file : kFiles) search_file(search, checkout.git_dir / file);
  search_refs(search, checkout.git_dir / "refs/worktree");
  return std::move(search).found();
}

// Where git cannot tell, because objects are missing, each is kept that is there: a damaged log must not keep a
// checkout for ever.
reactor::Task<Result<Unit>> keep_strays(git::Git& git, Site site, git::Checkout checkout, std::string head) {
  auto possible = possible_strays(checkout, head);
  if (possible.empty()) co_return Unit{};
  auto strays = co_await git.unreached(site.repository, possible, head, std::string(kSalvagePattern));
  const bool told = strays.has_value();
  if (!told && strays.error().reason != "git_failed") co_return fail(strays.error());
  if (!told) log::warn("task {}: {}", site.task_id.value, strays.error().what);
  const auto wanted = told ? std::move(*strays) : std::move(possible);
  for (const auto& commit : wanted) {
    const auto kept = co_await keep_commit(git, site, commit);
    if (!kept && told) co_return fail(kept.error());
    if (!kept) log::warn("task {}: {}", site.task_id.value, kept.error().what);
    fault_point("strays.one_kept");
  }
  co_return Unit{};
}

}  // namespace baton::worktree
