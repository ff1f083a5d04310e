#include "plugin_check/reach.hpp"

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <system_error>

namespace baton::plugin_check {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t kFile = 4 * 1024 * 1024;  // files of the files service have at most 1 MiB

bool has(std::string_view all, std::string_view text) { return all.find(text) != std::string_view::npos; }

bool reached_program(const Spawned& program, std::string_view text) {
  const auto mentions = [&](const std::string& one) { return has(one, text); };
  return std::ranges::any_of(program.request.argv, mentions) || std::ranges::any_of(program.request.env, mentions) ||
         has(program.input, text);
}

bool reached_server(const plugin::HttpRequest& request, std::string_view text) {
  const auto mentions = [&](const auto& header) { return has(header.second, text); };
  return has(request.url, text) || has(request.body, text) || std::ranges::any_of(request.headers, mentions);
}

bool is_in_file(const fs::path& file, std::string_view text) {
  std::error_code error;
  if (!fs::is_regular_file(file, error) || fs::file_size(file, error) > kFile) return false;
  std::ifstream in(file, std::ios::binary);
  return has(std::string{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()}, text);
}

bool is_in_files(const fs::path& directory, std::string_view text) {
  std::error_code error;
  for (fs::recursive_directory_iterator all(directory, error), end; !error && all != end; all.increment(error)) {
    if (is_in_file(all->path(), text)) return true;
  }
  return false;
}

}  // namespace

bool reached(Scene& scene, const Subject& subject, std::string_view text) {
  const auto program = [&](const Spawned& one) { return reached_program(one, text); };
  const auto server = [&](const plugin::HttpRequest& one) { return reached_server(one, text); };
  return std::ranges::any_of(scene.bench().children().spawned(), program) ||
         std::ranges::any_of(scene.bench().http().requests(), server) || is_in_files(subject.scratch, text);
}

}  // namespace baton::plugin_check
