// What an instance's store looks like on disk (STORE.md), and its limits.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace baton::plugin {

// Of one instance; promised by baton/ext/store.h.
inline constexpr std::size_t kStoreKeys = 256, kStoreKey = 128, kStoreValue = 64 * 1024, kStoreBytes = 1024 * 1024;

using StoreContent = std::map<std::string, std::string, std::less<>>;

std::size_t bytes_in(const StoreContent& content);  // of keys and values together
bool is_store_key(std::string_view key);            // not empty, UTF-8, not too long

std::string to_store_file(const StoreContent& content);

// kInvalid: not such a file, damaged, or beyond a limit.
Result<StoreContent> from_store_file(std::string_view bytes);

// Where a copy of the store `file` lies: `what` is "new" or "broken". No instance has such a name.
std::filesystem::path store_beside(const std::filesystem::path& file, std::string_view what);

struct LoadedStore {
  StoreContent content;
  bool writable = true;  // false: the disk did not give the file, which may be a good one, and is left as it is
};
// Reads `file`. What is not there is empty. What is no store is set aside with a line in the log, beside the older
// ones, nine at most, and is empty too. Touches the disk: for the start.
LoadedStore load_store(const std::filesystem::path& file);

}  // namespace baton::plugin
