#include "process/program.hpp"

#include <sys/stat.h>
#include <unistd.h>

namespace baton::process {
namespace {

bool can_run(const std::string& file) {
  struct stat status {};
  return ::stat(file.c_str(), &status) == 0 && S_ISREG(status.st_mode) && ::access(file.c_str(), X_OK) == 0;
}

Result<std::string> named_by_path(std::string_view name, std::string_view cwd) {
  const std::string file = name.front() == '/' ? std::string(name) : std::string(cwd) + "/" + std::string(name);
  if (can_run(file)) return file;
  const bool exists = ::access(file.c_str(), F_OK) == 0;
  return fail(Errc::kNotFound, exists ? file + " is not an executable file" : "there is no program " + file);
}

}  // namespace

Result<std::string> find_program(std::string_view name, const Environment& environment, std::string_view cwd) {
  if (name.empty()) return fail(Errc::kInvalid, "the program's name is empty");
  if (name.find('/') != std::string_view::npos) return named_by_path(name, cwd);

  const std::string_view path = value_of(environment, "PATH");
  for (std::size_t begin = 0; begin <= path.size();) {
    const std::size_t end = std::min(path.find(':', begin), path.size());
    const auto folder = path.substr(begin, end - begin);
    begin = end + 1;
    if (folder.empty() || folder.front() != '/') continue;  // the current directory is a repository: not to be trusted
    std::string file = std::string(folder) + "/" + std::string(name);
    if (can_run(file)) return file;
  }
  return fail(Errc::kNotFound, "program " + std::string(name) + " was not found in PATH (" + std::string(path) + ")");
}

}  // namespace baton::process
