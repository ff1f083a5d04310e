#include "worktree/scaffold_files.hpp"

#include <algorithm>
#include <system_error>

#include "handoff/sor_files.hpp"
#include "worktree/small_file.hpp"

namespace baton::worktree {
namespace {

namespace fs = std::filesystem;

bool holds(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::string with_unix_line_ends(std::string text) {
  for (std::size_t at = 0; (at = text.find("\r\n", at)) != std::string::npos;) text.erase(at, 1);
  return text;
}

}  // namespace

std::vector<std::string> find_user_files(const fs::path& checkout, const IsScaffold& is_scaffold) {
  std::vector<std::string> found;
  for (const auto name : handoff::kSorFiles) {
    const fs::path file = checkout / name;
    std::error_code error;
    if (!fs::exists(fs::symlink_status(file, error))) continue;
    const auto content = small_file(file);
    const bool earlier_task = content && is_scaffold && is_scaffold(name, with_unix_line_ends(*content));
    if (!earlier_task) found.emplace_back(name);
  }
  return found;
}

Result<std::vector<std::string>> lay_scaffold(const fs::path& checkout,
                                              const std::vector<handoff::ScaffoldFile>& scaffold,
                                              const std::vector<std::string>& user_files) {
  std::vector<std::string> touched;
  for (const auto& file : scaffold) {
    if (!handoff::is_sor_file(file.name)) return fail(Errc::kInvalid, file.name + " is not a name of a scaffold file");
    if (holds(user_files, file.name)) continue;
    if (auto written = put_file(checkout / file.name, file.content, file.executable); !written) return fail(written);
    touched.push_back(file.name);
  }
  for (const auto& name : own_names(user_files)) {
    std::error_code error;
    if (!holds(touched, name) && fs::remove(checkout / name, error)) touched.push_back(name);
  }
  return touched;
}

std::vector<std::string> own_names(const std::vector<std::string>& user_files) {
  std::vector<std::string> names;
  for (const auto name : handoff::kSorFiles)
    if (!holds(user_files, name)) names.emplace_back(name);
  return names;
}

}  // namespace baton::worktree
