#include "plugin/manifest.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>
#include <utility>

#include <fmt/format.h>

#include "base/json_reader.hpp"
#include "base/text.hpp"
#include "baton/ext/runtime.h"
#include "baton/ext/setup.h"
#include "plugin/abi_values.hpp"

namespace baton::plugin {
namespace {

constexpr std::size_t kId = 127, kText = 1024, kSchema = 256 * 1024, kList = 64;

// The text of a constant; nothing when it is longer than `limit` or not UTF-8. Null is an empty text.
std::optional<std::string> constant(const char* text, std::size_t limit) {
  if (text == nullptr) return std::string();
  const std::size_t size = ::strnlen(text, limit + 1);
  if (size > limit || !text::is_utf8({text, size})) return std::nullopt;
  return std::string(text, size);
}

bool read(const char* from, std::size_t limit, std::string& into) {
  auto text = constant(from, limit);
  if (!text) return false;
  into = *std::move(text);
  return true;
}

bool read_list(const char* const* from, std::vector<std::string>& into) {
  for (; from != nullptr && *from != nullptr; ++from) {
    auto text = constant(*from, kText);
    if (!text || text->empty() || into.size() == kList) return false;
    into.push_back(*std::move(text));
  }
  return true;
}

bool is_plugin_id(std::string_view id) {
  const auto allowed = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-'; };
  return !id.empty() && id.size() <= kId && id.find('.') != std::string_view::npos && std::ranges::all_of(id, allowed);
}

tl::unexpected<Refusal> bad(std::string_view what) {
  return refuse(RefusalCode::kBadDescriptor, fmt::format("the descriptor's {}", what));
}

Accepted<Manifest> read_descriptor(const baton_descriptor& given) {
  if (!has_first_size(given)) return bad("size is too small");
  const auto from = known_part(given);
  Manifest into;
  if (!read(from.id, kId, into.id) || !is_plugin_id(into.id))
    return bad("id is not reverse DNS of [a-z0-9.-] with at most 127 characters");
  const std::array<std::pair<const char*, std::string*>, 6> texts{{{from.name, &into.name},
                                                                   {from.version, &into.version},
                                                                   {from.vendor, &into.vendor},
                                                                   {from.url, &into.url},
                                                                   {from.license, &into.license},
                                                                   {from.summary, &into.summary}}};
  for (const auto& [text, target] : texts) {
    if (!read(text, kText, *target)) return bad("texts are too long or not UTF-8");
  }
  if (into.name.empty() || into.version.empty()) return bad("name or version is missing");
  if (!read(from.config_schema, kSchema, into.config_schema)) return bad("config_schema is too long or not UTF-8");
  if (!into.config_schema.empty() && !json::Document::parse(into.config_schema))
    return bad("config_schema is not JSON");
  if (!read_list(from.offers, into.offers) || !read_list(from.needs, into.needs) ||
      !read_list(from.wants, into.wants) || !read_list(from.secrets, into.secrets) ||
      !read_list(from.executables, into.executables) || !read_list(from.user_files, into.user_files))
    return bad("lists have an entry that is empty, too long, or one too many");
  return into;
}

Accepted<Unit> check_versions(const baton_entry& entry) {
  if (entry.magic != BATON_ENTRY_MAGIC)
    return refuse(RefusalCode::kBadMagic, "the entry does not begin with the magic number");
  if (entry.size < offsetof(baton_entry, descriptor))
    return refuse(RefusalCode::kBadDescriptor, "the entry's size is too small");
  if (entry.abi_major != BATON_ABI_MAJOR)
    return refuse(RefusalCode::kMajor,
                  fmt::format("built for ABI {}, this daemon has {}", entry.abi_major, BATON_ABI_MAJOR));
  if (entry.abi_minor_needed > BATON_ABI_MINOR_LATEST)
    return refuse(RefusalCode::kMinor, fmt::format("needs ABI {}.{}, this daemon has {}.{}", entry.abi_major,
                                                   entry.abi_minor_needed, BATON_ABI_MAJOR, BATON_ABI_MINOR_LATEST));
  if (!has_first_size(entry)) return refuse(RefusalCode::kBadDescriptor, "the entry's size is too small");
  return Unit{};
}

bool is_whole(const baton_runtime& table) {
  return has_first_size(table) && table.caps != nullptr && table.probe != nullptr && table.run_start != nullptr &&
         table.run_cancel != nullptr && table.run_release != nullptr;
}
bool is_whole(const baton_setup& table) { return has_first_size(table) && table.info != nullptr; }

// Each offered table is there and long enough for its first version, and there is no other.
Accepted<Unit> check_offers(const baton_entry& entry, const Manifest& manifest) {
  const auto bad_table = [](const std::string& id) {
    return refuse(RefusalCode::kBadDescriptor, "its table " + id + " is too short or has an empty slot");
  };
  for (const auto& id : manifest.offers) {
    const void* table = entry.extension(id.c_str());
    if (table == nullptr) return refuse(RefusalCode::kBadDescriptor, "offers " + id + " but has no such table");
    if (id == BATON_EXT_RUNTIME && !is_whole(*static_cast<const baton_runtime*>(table))) return bad_table(id);
    if (id == BATON_EXT_SETUP && !is_whole(*static_cast<const baton_setup*>(table))) return bad_table(id);
  }
  for (const char* other : {"", "baton.unheard-of/1", BATON_EXT_RUNTIME, BATON_EXT_SETUP}) {
    const bool offered = std::ranges::find(manifest.offers, other) != manifest.offers.end();
    if (!offered && entry.extension(other) != nullptr)
      return refuse(RefusalCode::kBadDescriptor, fmt::format("has a table for \"{}\", which it does not offer", other));
  }
  return Unit{};
}

}  // namespace

Accepted<Manifest> examine(const baton_entry* entry) {
  if (entry == nullptr) return refuse(RefusalCode::kBadMagic, "the entry function returned nothing");
  if (auto good = check_versions(*entry); !good) return tl::unexpected(good.error());
  if (entry->descriptor == nullptr || entry->create == nullptr || entry->quiesce == nullptr ||
      entry->destroy == nullptr || entry->extension == nullptr)
    return refuse(RefusalCode::kBadDescriptor, "the entry has an empty slot");
  auto manifest = read_descriptor(*entry->descriptor);
  if (!manifest) return manifest;
  manifest->abi_minor_built = entry->abi_minor_built;
  manifest->abi_minor_needed = entry->abi_minor_needed;
  if (auto good = check_offers(*entry, *manifest); !good) return tl::unexpected(good.error());
  return manifest;
}

}  // namespace baton::plugin
