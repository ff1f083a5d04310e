// Group descriptor: what the library says about itself, without an instance.
#include <algorithm>
#include <array>
#include <cstring>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "plugin_check/check.hpp"

namespace baton::plugin_check {
namespace {

bool is_plugin_id(std::string_view id) {
  const auto allowed = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-'; };
  return !id.empty() && id.size() <= 127 && id.find('.') != std::string_view::npos && std::ranges::all_of(id, allowed);
}

Finding id_form(const Subject& subject) {
  const auto entry = raw_entry(subject);
  if (!entry) return entry.error();
  if ((*entry)->descriptor == nullptr || (*entry)->descriptor->id == nullptr) return fault("there is no id");
  const std::string_view id = (*entry)->descriptor->id;
  if (!is_plugin_id(id))
    return fault(fmt::format("\"{}\" is not reverse DNS of [a-z0-9.-] with at most 127 characters", id.substr(0, 200)));
  return pass();
}

Finding unknown_extension_null(const Subject& subject) {
  const auto entry = raw_entry(subject);
  if (!entry) return entry.error();
  if ((*entry)->extension == nullptr) return skip("there is no function extension");
  const std::string long_id(100'000, 'x');
  const std::array<const char*, 6> unknown{
      "", "baton.runtime/2", "baton.runtime", "baton.no-such-table/1", "org.example.unknown/1", long_id.c_str()};
  for (const char* id : unknown) {
    if ((*entry)->extension(id) != nullptr)
      return fault(fmt::format("extension(\"{}\") gives a table", std::string_view(id).substr(0, 100)));
  }
  return pass();
}

constexpr std::array kChecks{
    Check{"id-form", "descriptor", "The plugin's id is reverse DNS of [a-z0-9.-], at most 127 characters", id_form},
    Check{"unknown-extension-null", "descriptor", "extension gives NULL for ids that nobody knows",
          unknown_extension_null},
};

}  // namespace

std::span<const Check> descriptor_checks() { return kChecks; }

}  // namespace baton::plugin_check
