#include "plugin/store_file.hpp"

#include <charconv>
#include <optional>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "base/digest.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "plugin/beneath.hpp"

namespace baton::plugin {
namespace {

constexpr std::string_view kMagic = "baton-store 1 ";
constexpr std::size_t kLongestFile = kStoreBytes + kStoreKeys * 32 + 256;  // with the lines between
constexpr std::size_t kBroken = 9;                                         // are kept: more are the same fault again

tl::unexpected<Error> broken(const char* why) { return fail(Errc::kInvalid, why); }

// Takes a number and the character that must follow it.
std::optional<std::size_t> take_number(std::string_view& bytes, char end) {
  std::size_t number = 0;
  const auto [next, error] = std::from_chars(bytes.data(), bytes.data() + bytes.size(), number);
  const auto used = static_cast<std::size_t>(next - bytes.data());
  if (error != std::errc() || used >= bytes.size() || bytes[used] != end) return std::nullopt;
  bytes.remove_prefix(used + 1);
  return number;
}

Result<Unit> take_entry(std::string_view& bytes, StoreContent& content) {
  const auto key_size = take_number(bytes, ' ');
  const auto value_size = key_size ? take_number(bytes, '\n') : std::nullopt;
  if (!value_size) return broken("an entry without its lengths");
  if (*key_size > kStoreKey || *value_size > kStoreValue) return broken("an entry that is too long");
  if (bytes.size() <= *key_size + *value_size || bytes[*key_size + *value_size] != '\n')
    return broken("an entry that is cut off");
  std::string key(bytes.substr(0, *key_size));
  if (!is_store_key(key)) return broken("a key that cannot be one");
  if (!content.emplace(std::move(key), bytes.substr(*key_size, *value_size)).second) return broken("a key twice");
  bytes.remove_prefix(*key_size + *value_size + 1);
  return Unit{};
}

// Somebody may still want an older one: it is not replaced. Says what was done.
std::string set_aside(const std::filesystem::path& file) {
  std::error_code error;
  for (std::size_t number = 1; number <= kBroken; ++number) {
    const auto aside = store_beside(file, number == 1 ? "broken" : fmt::format("broken-{}", number));
    if (std::filesystem::exists(std::filesystem::symlink_status(aside, error))) continue;
    std::filesystem::rename(file, aside, error);
    return error ? "it could not be set aside: " + error.message() : "kept as " + aside.native();
  }
  return fmt::format("not kept, because {} of them are already", kBroken);
}

}  // namespace

std::size_t bytes_in(const StoreContent& content) {
  std::size_t sum = 0;
  for (const auto& [key, value] : content) sum += key.size() + value.size();
  return sum;
}

bool is_store_key(std::string_view key) { return !key.empty() && key.size() <= kStoreKey && text::is_utf8(key); }

std::string to_store_file(const StoreContent& content) {
  std::string entries;
  for (const auto& [key, value] : content) {
    fmt::format_to(std::back_inserter(entries), "{} {}\n", key.size(), value.size());
    entries.append(key).append(value).append("\n");
  }
  return fmt::format("{}{}\n", kMagic, sha256_hex(entries)) + entries;
}

Result<StoreContent> from_store_file(std::string_view bytes) {
  if (!bytes.starts_with(kMagic)) return broken("not a store");
  const auto line = bytes.find('\n');
  if (line == std::string_view::npos) return broken("cut off in its first line");
  const auto digest = bytes.substr(kMagic.size(), line - kMagic.size());
  bytes.remove_prefix(line + 1);
  if (sha256_hex(bytes) != digest) return broken("damaged: its digest is another one");
  StoreContent content;
  while (!bytes.empty()) {
    if (auto taken = take_entry(bytes, content); !taken) return fail(taken);
  }
  if (content.size() > kStoreKeys || bytes_in(content) > kStoreBytes) return broken("more than a store may hold");
  return content;
}

std::filesystem::path store_beside(const std::filesystem::path& file, std::string_view what) {
  return file.parent_path() / fmt::format("@{}.{}", what, file.filename().native());
}

LoadedStore load_store(const std::filesystem::path& file) {
  const auto bytes = read_beneath(file.parent_path().native(), file.filename().native(), kLongestFile);
  if (!bytes && bytes.error().code == Errc::kNotFound) return {};
  if (!bytes && bytes.error().code != Errc::kTooLarge) {
    log::error("the store {} cannot be read ({}); what is kept now is lost at the next start", file.native(),
               bytes.error().what);
    return {.content = {}, .writable = false};
  }
  auto content = bytes ? from_store_file(*bytes) : Result<StoreContent>(fail(bytes.error()));
  if (content) return {.content = *std::move(content)};
  log::error("{} is no store ({}) and begins empty; {}", file.native(), content.error().what, set_aside(file));
  return {};
}

}  // namespace baton::plugin
