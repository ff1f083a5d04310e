#include "command/program.hpp"

#include <algorithm>

#include <sys/stat.h>
#include <unistd.h>

namespace command {
namespace {

bool is_program(const std::string& file) {
  struct stat info {};
  return ::stat(file.c_str(), &info) == 0 && S_ISREG(info.st_mode) && ::access(file.c_str(), X_OK) == 0;
}

}  // namespace

std::optional<std::string> find_program(std::string_view name, std::string_view path) {
  if (name.find('/') != std::string_view::npos) {
    std::string file(name);
    return is_program(file) ? std::optional(file) : std::nullopt;
  }
  while (!path.empty()) {
    const auto end = std::min(path.find(':'), path.size());
    const auto directory = path.substr(0, end);
    path.remove_prefix(std::min(end + 1, path.size()));
    if (!directory.starts_with('/')) continue;
    std::string file = std::string(directory) + '/' + std::string(name);
    if (is_program(file)) return file;
  }
  return std::nullopt;
}

}  // namespace command
