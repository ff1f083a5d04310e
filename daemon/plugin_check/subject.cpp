#include "plugin_check/subject.hpp"

#include <cstddef>
#include <fstream>
#include <utility>

#include <dlfcn.h>
#include <fcntl.h>
#include <unistd.h>

#include <fmt/format.h>

#include "base/text.hpp"
#include "plugin/abi_values.hpp"

namespace baton::plugin_check {
namespace {

constexpr const char* kDoing = "doing";
constexpr std::size_t kDoingSize = 512;

}  // namespace

tl::expected<EntryFunction, Finding> entry_function(const Subject& subject) {
  void* handle = ::dlopen(subject.file.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (handle == nullptr) {
    const char* why = ::dlerror();
    return tl::unexpected(skip(fmt::format("cannot be loaded: {}", why != nullptr ? why : "no reason given")));
  }
  const auto function = reinterpret_cast<EntryFunction>(::dlsym(handle, BATON_ENTRY_SYMBOL));
  if (function == nullptr) return tl::unexpected(skip("it does not export " BATON_ENTRY_SYMBOL));
  return function;
}

tl::expected<const baton_entry*, Finding> raw_entry(const Subject& subject) {
  const auto function = entry_function(subject);
  if (!function) return tl::unexpected(function.error());
  const baton_entry* entry = (*function)();
  if (entry == nullptr) return tl::unexpected(skip(BATON_ENTRY_SYMBOL " returned NULL"));
  return entry;
}

tl::expected<const baton_entry*, Finding> whole_entry(const Subject& subject) {
  auto entry = raw_entry(subject);
  if (entry && ((*entry)->magic != BATON_ENTRY_MAGIC || !plugin::has_first_size(**entry)))
    return tl::unexpected(skip("what the entry function gives is no whole entry: see descriptor-complete"));
  return entry;
}

tl::expected<plugin::Library, Finding> accepted_library(const Subject& subject) {
  auto library = plugin::open_library(subject.file);
  if (library) return *std::move(library);
  const auto& refusal = library.error();
  return tl::unexpected(skip(fmt::format("the library is refused ({}): {}", to_text(refusal.code), refusal.text)));
}

// Always of one length, over what was there: a file system may sync a file that is emptied first.
void doing(const Subject& subject, std::string_view what) {
  std::string line(text::head(what, kDoingSize));
  line.resize(kDoingSize, '\0');
  const int file = ::open((subject.scratch / kDoing).c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) return;
  (void)!::write(file, line.data(), line.size());
  ::close(file);
}

std::string last_doing(const std::filesystem::path& scratch) {
  std::ifstream in(scratch / kDoing, std::ios::binary);
  std::string line;
  std::getline(in, line, '\0');
  return line;
}

}  // namespace baton::plugin_check
