// What is done to files that are not git's by children, because it may take long: a tree is large, a disk is slow.
#include <cstdint>
#include <filesystem>
#include <string>
#include <system_error>
#include <unordered_map>
#include <utility>
#include <vector>

#include "git/git.hpp"
#include "git/parse.hpp"

namespace baton::git {

namespace fs = std::filesystem;

reactor::Task<Result<Unit>> Git::remove_tree(fs::path path) {
  std::vector<std::string> remove{"rm", "-rf", "--", path.string()};
  auto removed = co_await runner_.tool(remove);
  if (removed) co_return Unit{};
  // In a directory that nobody may write nothing can be deleted, also by its owner. Links are not followed.
  if (removed.error().what.find("Permission denied") != std::string::npos) {
    std::vector<std::string> open_up{"chmod", "-R", "--", "u+rwX", path.string()};
    static_cast<void>(co_await runner_.tool(std::move(open_up)));  // what matters is whether it can be deleted now
    removed = co_await runner_.tool(std::move(remove));
  }
  if (removed) co_return Unit{};
  co_return fail(Errc::kUnprocessable, "cannot remove " + path.string() + ": " + removed.error().what, "not_removed");
}

reactor::Task<Result<Unit>> Git::replace_file(fs::path file, fs::path beside, std::string content) {
  std::error_code error;
  fs::remove(beside, error);  // of a daemon that was killed
  std::vector<std::string> write{"dd", "of=" + beside.string(), "conv=excl,fsync", "bs=64k", "status=none"};
  auto done = co_await runner_.tool(std::move(write), std::move(content));
  if (done) {
    fs::rename(beside, file, error);  // replaces a link itself and never follows it
    if (error) done = fail(Errc::kIo, error.message());
  }
  if (done) {
    std::vector<std::string> sync{"sync", "--", file.parent_path().string()};
    done = co_await runner_.tool(std::move(sync));
  } else {
    fs::remove(beside, error);
  }
  if (done) co_return Unit{};
  co_return fail(done.error().code, "cannot write " + file.string() + ": " + done.error().what, done.error().reason);
}

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
