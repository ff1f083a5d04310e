#include "app/install.hpp"

namespace baton::app {
namespace {

std::filesystem::path own_directory() {
  std::error_code error;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", error);
  return error ? std::filesystem::path("/usr/bin") : program.parent_path();
}

}  // namespace

std::filesystem::path install_prefix() { return own_directory().parent_path(); }

std::filesystem::path installed_beside(std::string_view program) { return own_directory() / program; }

}  // namespace baton::app
