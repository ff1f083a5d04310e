#include "plugin/network_grant.hpp"

#include <optional>
#include <utility>

#include <fmt/format.h>

#include "http/address.hpp"
#include "http/ascii.hpp"

namespace baton::plugin {
namespace {

constexpr std::uint16_t kHttpPort = 80, kHttpsPort = 443;

tl::unexpected<Error> bad(std::string_view text, std::string_view why) {
  return fail(Errc::kInvalid, fmt::format("\"{}\" is not a host for network: {}", text, why));
}

// Takes ":port" or ":*" off the end of `text`. False: it is none.
bool take_port(std::string_view& text, NetworkGrant& grant) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos || text.find(']', colon) != std::string_view::npos) return true;
  const auto port = text.substr(colon + 1);
  text = text.substr(0, colon);
  if (port == "*") {
    grant.every_port = true;
    return true;
  }
  const auto number = http::ascii::all_digits(port) ? http::port_from(port) : std::nullopt;
  grant.port = number.value_or(0);
  return grant.port != 0;
}

bool fits_host(const NetworkGrant& grant, const std::string& host) {
  if (grant.below && grant.host.empty()) return true;
  if (grant.below) return host.size() > grant.host.size() + 1 && host.ends_with("." + grant.host);
  return host == grant.host || (grant.host == "localhost" && http::kind_of(host) == http::HostKind::kLoopback);
}

bool fits(const NetworkGrant& grant, const http::Url& url) {
  using enum NetworkGrant::Scheme;
  if ((grant.scheme == kHttp && url.tls) || (grant.scheme == kHttps && !url.tls)) return false;
  const std::uint16_t usual = url.tls ? kHttpsPort : kHttpPort;
  return (grant.every_port || url.port == (grant.port == 0 ? usual : grant.port)) && fits_host(grant, url.host);
}

bool stays_here(const http::Url& url) {
  return http::kind_of(url.host) == http::HostKind::kLoopback || url.host == "localhost" ||
         url.host.ends_with(".localhost");
}

std::string entry_for(const http::Url& url) {
  return url.tls || stays_here(url) ? url.authority() : "http://" + url.authority();
}

tl::unexpected<Error> denied(const http::Url& url) {
  return fail(Errc::kDenied, fmt::format("{} to {} is not granted: the configuration of this runtime lacks network = "
                                         "[\"{}\"]",
                                         url.tls ? "https" : "http", url.authority(), entry_for(url)));
}

}  // namespace

Result<NetworkGrant> grant_from(std::string_view text) {
  constexpr std::string_view kHttp = "http://", kHttps = "https://", kBelow = "*.";
  NetworkGrant grant;
  auto rest = text;
  const auto take = [&](std::string_view prefix) {
    const bool there = rest.starts_with(prefix);
    if (there) rest.remove_prefix(prefix.size());
    return there;
  };
  if (take(kHttp)) grant.scheme = NetworkGrant::Scheme::kHttp;
  if (grant.scheme == NetworkGrant::Scheme::kSafe && take(kHttps)) grant.scheme = NetworkGrant::Scheme::kHttps;
  grant.below = take(kBelow);
  if (!take_port(rest, grant)) return bad(text, "its port is none");
  auto host = http::host_from(rest);
  if (!host) return bad(text, "write host, host:port, host:* or *.domain, and http:// in front for plain http");
  if (grant.below && http::kind_of(*host) != http::HostKind::kName) return bad(text, "nothing lies below an address");
  grant.host = *std::move(host);
  return grant;
}

Result<Permission> permission_for(const std::vector<NetworkGrant>& grants, const http::Url& url) {
  bool granted = false;
  for (const auto& grant : grants) {
    if (!fits(grant, url)) continue;
    if (url.tls || grant.scheme == NetworkGrant::Scheme::kHttp) return Permission{.entry = entry_for(url)};
    granted = true;  // if it stays on this machine
  }
  const bool other_machine = http::kind_of(url.host) == http::HostKind::kOtherAddress;
  if (!granted || other_machine) return denied(url);
  return Permission{.loopback_only = true, .entry = entry_for(url)};
}

}  // namespace baton::plugin
