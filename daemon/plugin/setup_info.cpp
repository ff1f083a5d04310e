#include "plugin/setup_info.hpp"

#include <cstddef>
#include <cstring>

#include "base/text.hpp"

namespace baton::plugin {
namespace {

constexpr std::size_t kText = 4096, kArguments = 64;

std::string text_of(const char* from) {
  if (from == nullptr || ::strnlen(from, kText + 1) > kText) return {};
  return text::repaired_utf8(from);
}

std::vector<std::string> argv_of(const char* const* from) {
  std::vector<std::string> all;
  for (; from != nullptr && *from != nullptr; ++from) {
    if (all.size() == kArguments) return {};
    all.push_back(text_of(*from));
  }
  return all;
}

std::string_view auth_of(std::uint32_t kind) {
  if (kind == BATON_AUTH_KEY) return "key";
  return kind == BATON_AUTH_LOGIN ? "login" : "none";
}

}  // namespace

SetupInfo setup_from(const baton_setup_info& raw) {
  return {.auth = auth_of(raw.auth_kind),
          .secret = text_of(raw.secret),
          .docs_url = text_of(raw.docs_url),
          .install_argv = argv_of(raw.install_argv),
          .login_argv = argv_of(raw.login_argv),
          .logout_argv = argv_of(raw.logout_argv)};
}

}  // namespace baton::plugin
