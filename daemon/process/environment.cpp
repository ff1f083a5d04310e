#include "process/environment.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <unistd.h>

namespace baton::process {
namespace {

constexpr std::array<std::string_view, 14> kAllowed = {
    "PATH", "HOME", "USER",     "LOGNAME",         "SHELL",          "TMPDIR",        "TERM",
    "TZ",   "LANG", "LANGUAGE", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME",
};
constexpr std::string_view kSystemPath = "/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin";

std::string_view name_of(std::string_view entry) { return entry.substr(0, entry.find('=')); }

bool allowed(std::string_view name) {
  return name.starts_with("LC_") || std::find(kAllowed.begin(), kAllowed.end(), name) != kAllowed.end();
}

}  // namespace

Environment clean_environment() { return clean_environment(environ); }

Environment clean_environment(const char* const* from) {
  Environment clean;
  for (; from != nullptr && *from != nullptr; ++from) {
    const std::string_view entry = *from;
    const auto name = name_of(entry);
    if (name.size() == entry.size() || !allowed(name)) continue;
    clean = with(std::move(clean), name, entry.substr(name.size() + 1));
  }
  if (value_of(clean, "PATH").empty()) clean = with(std::move(clean), "PATH", kSystemPath);
  return clean;
}

Environment with(Environment environment, std::string_view name, std::string_view value) {
  std::string entry;
  entry.reserve(name.size() + 1 + value.size());
  entry.append(name).append("=").append(value);
  for (auto& present : environment) {
    if (name_of(present) != name) continue;
    present = std::move(entry);
    return environment;
  }
  environment.push_back(std::move(entry));
  return environment;
}

std::string_view value_of(const Environment& environment, std::string_view name) {
  for (const std::string_view entry : environment)
    if (name_of(entry) == name && entry.size() > name.size()) return entry.substr(name.size() + 1);
  return {};
}

}  // namespace baton::process
