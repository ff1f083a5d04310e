// Group descriptor: what the library says about itself, without an instance.
#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/text.hpp"
#include "baton/ext/process.h"
#include "baton/ext/runtime.h"
#include "baton/ext/secret.h"
#include "baton/ext/setup.h"
#include "plugin/abi_values.hpp"
#include "plugin_check/bench.hpp"
#include "plugin_check/check.hpp"
#include "plugin_check/guarded_memory.hpp"
#include "plugin_check/schema_rules.hpp"

namespace baton::plugin_check {
namespace {

using Lists = std::vector<std::pair<const char*, const char* const*>>;

// What the descriptor's lists hold, up to a number that no honest list reaches.
std::vector<std::string_view> entries_of(const char* const* list) {
  constexpr std::size_t kMost = 1024;
  std::vector<std::string_view> all;
  for (; list != nullptr && *list != nullptr && all.size() < kMost; ++list) all.emplace_back(*list);
  return all;
}

bool has(const char* const* list, std::string_view entry) {
  const auto all = entries_of(list);
  return std::ranges::find(all, entry) != all.end();
}

// The descriptor, if its size lets it be read.
tl::expected<const baton_descriptor*, Finding> descriptor_of(const Subject& subject) {
  const auto entry = whole_entry(subject);
  if (!entry) return tl::unexpected(entry.error());
  if ((*entry)->descriptor == nullptr || !plugin::has_first_size(*(*entry)->descriptor))
    return tl::unexpected(skip("there is no whole descriptor: see descriptor-complete"));
  return (*entry)->descriptor;
}

std::optional<std::string> mistake_in_entry(const baton_entry& entry) {
  if (entry.magic != BATON_ENTRY_MAGIC) return "the entry does not begin with BATON_ENTRY_MAGIC";
  if (!plugin::has_first_size(entry)) return "the entry's size is too small";
  if (entry.reserved != 0) return "the entry's reserved member is not 0";
  if (entry.abi_minor_needed > entry.abi_minor_built) return "it needs a newer minor than it was built with";
  if (entry.create == nullptr || entry.quiesce == nullptr || entry.destroy == nullptr || entry.extension == nullptr)
    return "a function of the entry is missing";
  if (entry.descriptor == nullptr) return "the entry has no descriptor";
  if (!plugin::has_first_size(*entry.descriptor)) return "the descriptor's size is too small";
  return std::nullopt;
}

std::optional<std::string> mistake_in_lists(const baton_descriptor& all) {
  const Lists lists{
      {"offers", all.offers},           {"needs", all.needs},          {"wants", all.wants}, {"secrets", all.secrets},
      {"executables", all.executables}, {"user_files", all.user_files}};
  for (const auto& [name, list] : lists) {
    std::set<std::string_view> seen;
    for (const auto entry : entries_of(list)) {
      if (entry.empty() || !text::is_utf8(entry))
        return fmt::format("{} has an entry that is empty or not UTF-8", name);
      if (!seen.insert(entry).second) return fmt::format("{} has \"{}\" twice", name, entry);
    }
  }
  for (const auto need : entries_of(all.needs)) {
    if (has(all.wants, need)) return fmt::format("\"{}\" is both needed and wanted", need);
  }
  for (const auto file : entries_of(all.user_files)) {
    if (!file.starts_with("~/")) return fmt::format("user_files has \"{}\", which does not begin with ~/", file);
  }
  if (!has(all.offers, BATON_EXT_RUNTIME)) return "it offers no " BATON_EXT_RUNTIME;
  return std::nullopt;
}

std::optional<std::string> mistake_in_texts(const baton_descriptor& all) {
  const auto is_missing = [](const char* text) { return text == nullptr || *text == '\0'; };
  if (is_missing(all.name)) return "name is missing";
  if (is_missing(all.version)) return "version is missing";
  for (const char* one : {all.name, all.version, all.vendor, all.url, all.license, all.summary}) {
    if (one != nullptr && !text::is_utf8(one)) return "a text is not UTF-8";
  }
  return std::nullopt;
}

// What works, but should be said.
std::optional<std::string> gap_in(const baton_descriptor& all) {
  const auto uses = [&](const char* id) { return has(all.needs, id) || has(all.wants, id); };
  if (all.license == nullptr || *all.license == '\0') return "license is missing";
  if (all.summary == nullptr || *all.summary == '\0') return "summary is missing";
  if (uses(BATON_EXT_PROCESS) != !entries_of(all.executables).empty())
    return "executables and " BATON_EXT_PROCESS " are of use only together";
  if (uses(BATON_EXT_SECRET) != !entries_of(all.secrets).empty())
    return "secrets and " BATON_EXT_SECRET " are of use only together";
  return std::nullopt;
}

bool is_plugin_id(std::string_view id) {
  const auto allowed = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-'; };
  return !id.empty() && id.size() <= 127 && id.find('.') != std::string_view::npos && std::ranges::all_of(id, allowed);
}

Finding id_form(const Subject& subject) {
  const auto descriptor = descriptor_of(subject);
  if (!descriptor) return descriptor.error();
  const std::string_view id = (*descriptor)->id != nullptr ? (*descriptor)->id : "";
  if (!is_plugin_id(id))
    return fault(fmt::format("\"{}\" is not reverse DNS of [a-z0-9.-] with at most 127 characters", id.substr(0, 200)));
  return pass();
}

Finding schema_valid(const Subject& subject) {
  const auto descriptor = descriptor_of(subject);
  if (!descriptor) return descriptor.error();
  const char* schema = (*descriptor)->config_schema;
  if (schema == nullptr || *schema == '\0') return pass();
  if (auto mistake = schema_mistake(schema)) return fault(*std::move(mistake));
  return pass();
}

std::optional<std::string> mistake_in_table(std::string_view id, const void* table) {
  if (id == BATON_EXT_RUNTIME) {
    const auto& runtime = *static_cast<const baton_runtime*>(table);
    if (!plugin::has_first_size(runtime)) return "is too short";
    if (runtime.caps == nullptr || runtime.probe == nullptr || runtime.run_start == nullptr ||
        runtime.run_cancel == nullptr || runtime.run_release == nullptr)
      return "has an empty slot that must not be";
  }
  if (id == BATON_EXT_SETUP) {
    const auto& setup = *static_cast<const baton_setup*>(table);
    if (!plugin::has_first_size(setup) || setup.info == nullptr) return "is too short or empty";
  }
  return std::nullopt;
}

Finding offers_match_extension(const Subject& subject) {
  const auto descriptor = descriptor_of(subject);
  if (!descriptor) return descriptor.error();
  const auto extension = (*raw_entry(subject))->extension;
  if (extension == nullptr) return skip("there is no function extension: see descriptor-complete");
  for (const auto offer : entries_of((*descriptor)->offers)) {
    const std::string copied(offer);  // another place than the descriptor's own text
    const void* table = extension(copied.c_str());
    if (table == nullptr) return fault(fmt::format("it offers {}, but extension gives NULL for it", offer));
    if (table != extension(copied.c_str())) return fault(fmt::format("its table {} is not always the same", offer));
    if (auto mistake = mistake_in_table(offer, table)) return fault(fmt::format("its table {} {}", offer, *mistake));
  }
  for (const char* known : {BATON_EXT_RUNTIME, BATON_EXT_SETUP}) {
    if (!has((*descriptor)->offers, known) && extension(known) != nullptr)
      return fault(fmt::format("it gives a table {}, but does not offer it", known));
  }
  return pass();
}

Finding descriptor_complete(const Subject& subject) {
  const auto entry = raw_entry(subject);
  if (!entry) return entry.error();
  if (auto mistake = mistake_in_entry(**entry)) return fault(*std::move(mistake));
  const auto& descriptor = *(*entry)->descriptor;
  if (auto mistake = mistake_in_texts(descriptor)) return fault(*std::move(mistake));
  if (auto mistake = mistake_in_lists(descriptor)) return fault(*std::move(mistake));
  const auto library = plugin::open_library(subject.file);
  const auto is_told_elsewhere = [&](auto check) { return check(subject).verdict != Verdict::kPass; };
  if (!library && !is_told_elsewhere(id_form) && !is_told_elsewhere(schema_valid) &&
      !is_told_elsewhere(offers_match_extension))
    return fault(fmt::format("{}: {}", to_text(library.error().code), library.error().text));
  if (auto gap = gap_in(descriptor)) return warn(*std::move(gap));
  return pass();
}

Finding unknown_extension_null(const Subject& subject) {
  const auto entry = whole_entry(subject);
  if (!entry) return entry.error();
  if ((*entry)->extension == nullptr) return skip("there is no function extension: see descriptor-complete");
  const std::string long_id(100'000, 'x');
  const std::array<const char*, 6> unknown{
      "", "baton.runtime/2", "Baton.Runtime/1", "baton.no-such-table/1", "org.example.unknown/1", long_id.c_str()};
  for (const char* id : unknown) {
    if ((*entry)->extension(id) != nullptr)
      return fault(fmt::format("extension(\"{}\") gives a table", std::string_view(id).substr(0, 100)));
  }
  return pass();
}

// Ids that begin as an offered one does, or that it begins with; each ends right before forbidden memory.
Finding extension_id_trailing_bytes(const Subject& subject) {
  const auto descriptor = descriptor_of(subject);
  if (!descriptor) return descriptor.error();
  const auto extension = (*raw_entry(subject))->extension;
  if (extension == nullptr) return skip("there is no function extension: see descriptor-complete");
  for (const auto offer : entries_of((*descriptor)->offers)) {
    std::vector<std::string> alike;
    for (const char* more : {"0", " ", "\n", "/1", ".draft", "\xff"}) alike.push_back(std::string(offer) + more);
    for (std::size_t size = 1; size < offer.size(); ++size) alike.emplace_back(offer.substr(0, size));
    for (const auto& id : alike) {
      const GuardedMemory place(std::string_view(id.c_str(), id.size() + 1));
      if (extension(reinterpret_cast<const char*>(place.data())) != nullptr)
        return fault(
            fmt::format("extension(\"{}\") gives a table, which is that of {}", text::repaired_utf8(id), offer));
    }
  }
  return pass();
}

// The bytes of the entry and its descriptor as they are now.
std::string bytes_of(const baton_entry& entry) {
  const auto bytes = [](const auto& of) {
    return std::string(reinterpret_cast<const char*>(&of), std::min<std::size_t>(of.size, sizeof(of)));
  };
  return bytes(entry) + (entry.descriptor == nullptr ? std::string() : bytes(*entry.descriptor));
}

Finding entry_constant(const Subject& subject) {
  const auto function = entry_function(subject);
  if (!function) return function.error();
  const baton_entry* first = (*function)();
  if (first == nullptr) return fault("the entry function returned NULL");
  if (const auto whole = whole_entry(subject); !whole) return whole.error();
  const auto before = bytes_of(*first);
  Bench bench(subject);
  if (const auto made = bench.create()) (void)bench.end(**made);
  if ((*function)() != first || (*function)() != first) return fault("the entry function gives another one each time");
  if (bytes_of(*first) != before) return fault("the entry or the descriptor changes while an instance lives");
  return pass();
}

constexpr std::array kChecks{
    Check{"entry-constant", "descriptor", "The entry function returns the same constant each time", entry_constant},
    Check{"descriptor-complete", "descriptor", "Entry and descriptor are whole, and the daemon would accept them",
          descriptor_complete},
    Check{"id-form", "descriptor", "The plugin's id is reverse DNS of [a-z0-9.-], at most 127 characters", id_form},
    Check{"schema-valid", "descriptor", "The schema is JSON, and what the host checks of it has the right form",
          schema_valid},
    Check{"offers-match-extension", "descriptor", "extension gives whole tables for what is offered, for nothing else",
          offers_match_extension},
    Check{"unknown-extension-null", "descriptor", "extension gives NULL for ids that nobody knows",
          unknown_extension_null},
    Check{"extension-id-trailing-bytes", "descriptor", "extension compares whole ids, and reads no further",
          extension_id_trailing_bytes},
};

}  // namespace

std::span<const Check> descriptor_checks() { return kChecks; }

}  // namespace baton::plugin_check
