#include "plugin/manifest.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>
#include <utility>

#include <fmt/format.h>

#include "base/json_reader.hpp"
#include "base/json_writer.hpp"
#include "base/text.hpp"
#include "baton/ext/runtime.h"
#include "baton/ext/setup.h"
#include "plugin/host_tables.hpp"

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

Accepted<Manifest> read_descriptor(const baton_descriptor& from) {
  if (from.size < sizeof(baton_descriptor)) return bad("size is too small");
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
  if (entry.size < sizeof(baton_entry)) return refuse(RefusalCode::kBadDescriptor, "the entry's size is too small");
  return Unit{};
}

// Each offered table is there and long enough for its first version.
Accepted<Unit> check_offers(const baton_entry& entry, const Manifest& manifest) {
  for (const auto& id : manifest.offers) {
    const void* table = entry.extension(id.c_str());
    if (table == nullptr) return refuse(RefusalCode::kBadDescriptor, "offers " + id + " but has no such table");
    if (id == BATON_EXT_SETUP) {
      const auto& setup = *static_cast<const baton_setup*>(table);
      if (setup.size < sizeof(baton_setup) || setup.info == nullptr)
        return refuse(RefusalCode::kBadDescriptor, "its table " + id + " is too short or has an empty slot");
    }
    if (id != BATON_EXT_RUNTIME) continue;
    const auto& runtime = *static_cast<const baton_runtime*>(table);
    if (runtime.size < sizeof(baton_runtime) || runtime.caps == nullptr || runtime.probe == nullptr ||
        runtime.run_start == nullptr || runtime.run_cancel == nullptr || runtime.run_release == nullptr)
      return refuse(RefusalCode::kBadDescriptor, "its table " + id + " is too short or has an empty slot");
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
  for (const auto& need : manifest->needs) {
    if (host_table(need) == nullptr)
      return refuse(RefusalCode::kMissingNeed, "needs " + need + ", which this daemon does not have");
  }
  if (auto good = check_offers(*entry, *manifest); !good) return tl::unexpected(good.error());
  return manifest;
}

std::string to_json(const Accepted<Manifest>& examined) {
  std::string out;
  json::Writer json(out);
  json.object();
  if (!examined) {
    json.field("refused", to_text(examined.error().code)).field("text", examined.error().text).end();
    return out;
  }
  const Manifest& manifest = *examined;
  json.field("id", manifest.id).field("name", manifest.name).field("version", manifest.version);
  json.field("vendor", manifest.vendor).field("url", manifest.url).field("license", manifest.license);
  json.field("summary", manifest.summary).field("config_schema", manifest.config_schema);
  json.field("abi_minor_built", manifest.abi_minor_built).field("abi_minor_needed", manifest.abi_minor_needed);
  json.field("offers", manifest.offers).field("needs", manifest.needs).field("wants", manifest.wants);
  json.field("secrets", manifest.secrets).field("executables", manifest.executables);
  json.field("user_files", manifest.user_files).end();
  return out;
}

Accepted<Manifest> from_json(std::string_view json) {
  const auto document = json::Document::parse(json);
  if (!document || !document->root().is_object())
    return refuse(RefusalCode::kProbeCrash, "the probe ended without an answer");
  const auto root = document->root();
  const auto text = [&](std::string_view name) { return std::string(json::text(root, name).value_or("")); };
  if (const auto refused = json::text(root, "refused")) {
    const auto code = refusal_code(*refused);
    return refuse(code.value_or(RefusalCode::kProbeCrash), text("text"));
  }
  const auto number = [&](std::string_view name) {
    return static_cast<std::uint32_t>(json::integer(root, name).value_or(0));
  };
  Manifest manifest{text("id"),
                    text("name"),
                    text("version"),
                    text("vendor"),
                    text("url"),
                    text("license"),
                    text("summary"),
                    text("config_schema"),
                    number("abi_minor_built"),
                    number("abi_minor_needed"),
                    json::texts(root, "offers"),
                    json::texts(root, "needs"),
                    json::texts(root, "wants"),
                    json::texts(root, "secrets"),
                    json::texts(root, "executables"),
                    json::texts(root, "user_files")};
  if (manifest.id.empty()) return refuse(RefusalCode::kProbeCrash, "the probe ended without an answer");
  return manifest;
}

}  // namespace baton::plugin
