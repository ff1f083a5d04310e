#include "plugin/setup_info.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "base/text.hpp"

namespace baton::plugin {
namespace {

constexpr std::size_t kArguments = 64, kText = 4096;  // commands that a person reads, and a link

std::string copied(const char* from) {
  return from == nullptr ? std::string() : text::repaired_utf8(text::head(from, kText));
}

std::vector<std::string> listed(const char* const* from) {
  std::vector<std::string> all;
  for (; from != nullptr && *from != nullptr && all.size() < kArguments; ++from) all.push_back(copied(*from));
  return all;
}

std::string_view to_text(SetupInfo::Auth auth) {
  if (auth == SetupInfo::Auth::kKey) return "key";
  return auth == SetupInfo::Auth::kLogin ? "login" : "none";
}

}  // namespace

std::optional<SetupInfo> read_setup(const baton_setup_info& raw, const Manifest& manifest) {
  if (raw.auth_kind > BATON_AUTH_LOGIN) return std::nullopt;
  SetupInfo info;
  info.auth = static_cast<SetupInfo::Auth>(raw.auth_kind);
  if (info.auth == SetupInfo::Auth::kKey) {
    info.secret = copied(raw.secret);
    if (std::ranges::find(manifest.secrets, info.secret) == manifest.secrets.end()) return std::nullopt;
  }
  info.docs_url = copied(raw.docs_url);
  info.install = listed(raw.install_argv);
  info.login = listed(raw.login_argv);
  info.logout = listed(raw.logout_argv);
  return info;
}

void write_setup(json::Writer& json, const SetupInfo& setup) {
  json.object().field("auth", to_text(setup.auth)).field("secret", setup.secret).field("docsUrl", setup.docs_url);
  json.field("install", setup.install).field("login", setup.login).field("logout", setup.logout).end();
}

}  // namespace baton::plugin
