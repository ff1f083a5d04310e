#include "git/checkout.hpp"

#include <array>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <system_error>

#include "git/parse.hpp"

namespace baton::git {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPrefix = "gitdir: ";

std::optional<std::string> small_file(const fs::path& file) {
  std::error_code error;
  if (!fs::is_regular_file(fs::symlink_status(file, error))) return std::nullopt;
  if (fs::file_size(file, error) > 64 * 1024 || error) return std::nullopt;  // holds one path
  std::ifstream in(file, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(in), {}};
  while (text.ends_with('\n')) text.pop_back();  // a path may hold newlines, git ends it with one
  return text;
}

}  // namespace

std::optional<fs::path> damage_of(const Checkout& checkout) {
  const fs::path head = checkout.git_dir / "HEAD";
  const auto text = small_file(head);
  if (!text || !(text->starts_with("ref: refs/") || is_commit_id(*text))) return head;

  const fs::path index = checkout.git_dir / "index";
  std::error_code error;
  const auto kind = fs::symlink_status(index, error).type();
  if (kind == fs::file_type::not_found) return std::nullopt;
  constexpr std::string_view kSignature = "DIRC";  // gitformat-index(5)
  std::array<char, kSignature.size()> begin{};
  if (kind == fs::file_type::regular) std::ifstream(index, std::ios::binary).read(begin.data(), begin.size());
  return std::string_view(begin.data(), begin.size()) == kSignature ? std::nullopt : std::optional(index);
}

bool is_detached(const Checkout& checkout) {
  const auto head = small_file(checkout.git_dir / "HEAD");
  return head && is_commit_id(*head);
}

std::optional<Checkout> open_checkout(const fs::path& path) {
  const auto pointer = small_file(path / ".git");
  if (!pointer || !pointer->starts_with(kPrefix)) return std::nullopt;
  const fs::path git_dir = path / pointer->substr(kPrefix.size());  // an absolute one replaces `path`
  const auto back = small_file(git_dir / "gitdir");
  std::error_code error;  // whoever works in the checkout may have made any of this a loop of links
  if (!back || !fs::exists(git_dir / "commondir", error)) return std::nullopt;
  const bool agree = fs::equivalent(git_dir / *back, path / ".git", error);
  if (error || !agree) return std::nullopt;
  return Checkout{path, git_dir};
}

}  // namespace baton::git
