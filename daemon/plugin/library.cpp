#include "plugin/library.hpp"

#include <string>
#include <utility>

#include <dlfcn.h>

namespace baton::plugin {

Accepted<Library> open_library(const std::filesystem::path& file) {
  void* handle = ::dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (handle == nullptr) {
    const char* why = ::dlerror();
    return refuse(RefusalCode::kNoEntry, why != nullptr ? why : "cannot be loaded");
  }
  const auto entry_of = reinterpret_cast<decltype(&baton_plugin_entry_v1)>(::dlsym(handle, BATON_ENTRY_SYMBOL));
  if (entry_of == nullptr)
    return refuse(RefusalCode::kNoEntry, file.filename().native() + " does not export " BATON_ENTRY_SYMBOL);
  const baton_entry* entry = entry_of();
  auto manifest = examine(entry);
  if (!manifest) return tl::unexpected(std::move(manifest.error()));
  return Library{entry, *std::move(manifest), file};
}

}  // namespace baton::plugin
