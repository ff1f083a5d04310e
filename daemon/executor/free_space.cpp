#include "executor/free_space.hpp"

#include <limits>
#include <string>
#include <system_error>

#include <fmt/format.h>

namespace baton::executor {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMebibyte = 1024 * 1024;

// What is there of `path`: its root is made by the first worktree only.
fs::path existing_part(fs::path path) {
  std::error_code error;
  while (!path.empty() && path != path.root_path() && !fs::exists(path, error)) path = path.parent_path();
  return path;
}

}  // namespace

std::optional<std::uint64_t> free_bytes(const fs::path& path) {
  std::error_code error;
  const auto space = fs::space(existing_part(path), error);
  if (error) return std::nullopt;
  return space.available;
}

Result<Unit> check_free(const fs::path& path, std::uint64_t floor_bytes) {
  if (floor_bytes == 0) return Unit{};
  const auto free = free_bytes(path);
  if (!free || *free >= floor_bytes) return Unit{};
  Error error{Errc::kNoSpace,
              fmt::format("{} MB are free where {} lies, and at least {} MB must be; nothing new is begun before there "
                          "is room",
                          *free / kMebibyte, path.string(), (floor_bytes + kMebibyte - 1) / kMebibyte),
              "disk_pressure"};
  error.details.push_back({"freeMb", std::to_string(*free / kMebibyte)});
  error.details.push_back({"neededMb", std::to_string((floor_bytes + kMebibyte - 1) / kMebibyte)});
  return fail(std::move(error));
}

}  // namespace baton::executor
