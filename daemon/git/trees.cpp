// Directory trees that are not git's. They may be large, so a child walks them.
#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "git/git.hpp"
#include "git/parse.hpp"

namespace baton::git {

namespace fs = std::filesystem;

reactor::Task<Result<Unit>> Git::remove_tree(fs::path path) { return runner_.remove_tree(std::move(path)); }

reactor::Task<Result<std::vector<std::uint64_t>>> Git::disk_usage(fs::path directory, std::vector<std::string> names) {
  std::vector<std::uint64_t> sizes;
  if (names.empty()) co_return sizes;
  auto text = co_await runner_.disk_usage(std::move(directory), names);
  if (!text) co_return fail(text);
  std::unordered_map<std::string, std::uint64_t> found;
  for (auto& [name, bytes] : parse_disk_usage(*text)) found[std::move(name)] = bytes;
  for (const auto& name : names) {
    const auto at = found.find(name);
    sizes.push_back(at == found.end() ? 0 : at->second);
  }
  co_return sizes;
}

}  // namespace baton::git
