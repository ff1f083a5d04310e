#include "http/url.hpp"

#include <algorithm>
#include <system_error>

#include <fmt/format.h>

#include "http/address.hpp"
#include "http/ascii.hpp"

namespace baton::http {
namespace {

constexpr std::size_t kLongestHost = 253;  // of a name in DNS
constexpr std::uint16_t kHttpPort = 80, kHttpsPort = 443;

tl::unexpected<Error> bad(std::string_view why) { return fail(Errc::kInvalid, fmt::format("URL: {}", why)); }

bool is_url_character(char c) { return c > ' ' && c < 0x7f && c != '"' && c != '<' && c != '>' && c != '\\'; }

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
}

// "127.1", "2130706433" and "0x7f.1" are addresses to the C library; nobody else knows which.
bool looks_like_number(std::string_view name) {
  const auto last = name.substr(name.rfind('.') + 1);
  return ascii::all_digits(last) || last.starts_with("0x");
}

Result<std::string> name_from(std::string name) {
  if (name.ends_with('.')) name.pop_back();
  const bool fine = !name.empty() && name.size() <= kLongestHost && std::ranges::all_of(name, is_name_character) &&
                    name.front() != '.' && name.back() != '.' && name.find("..") == std::string::npos;
  if (!fine) return bad("the host is neither a name nor an address");
  if (looks_like_number(name)) return bad("the host is a number, but no IPv4 address");
  return name;
}

Result<std::uint16_t> port_of(std::string_view text, bool tls) {
  if (text.empty()) return tls ? kHttpsPort : kHttpPort;
  const auto port = port_from(text);
  if (!ascii::all_digits(text) || !port || *port == 0) return bad("the port is not one from 1 to 65535");
  return *port;
}

// "host:port" with an optional port, into `url`.
Result<Unit> read_authority(std::string_view authority, Url& url) {
  if (authority.find('@') != std::string_view::npos) return bad("user information is not sent");
  const auto colon = authority.rfind(':');
  const bool has_port = colon != std::string_view::npos && authority.find(']', colon) == std::string_view::npos;
  auto port = port_of(has_port ? authority.substr(colon + 1) : std::string_view(), url.tls);
  if (!port) return fail(port);
  auto host = host_from(authority.substr(0, has_port ? colon : std::string_view::npos));
  if (!host) return fail(host);
  url.port = *port;
  url.host = *std::move(host);
  return Unit{};
}

}  // namespace

std::string Url::authority() const {
  std::string text = host.find(':') == std::string::npos ? host : "[" + host + "]";
  if (port != (tls ? kHttpsPort : kHttpPort)) text += fmt::format(":{}", port);
  return text;
}

Result<std::string> host_from(std::string_view text) {
  std::error_code error;
  if (text.starts_with('[')) {
    if (!text.ends_with(']') || text.find('%') != std::string_view::npos) return bad("a broken IPv6 address");
    const auto address = asio::ip::make_address_v6(std::string(text.substr(1, text.size() - 2)), error);
    if (error) return bad("a broken IPv6 address");
    return address.to_string();
  }
  const auto address = asio::ip::make_address_v4(std::string(text), error);
  if (!error) return address.to_string();
  std::string lower;
  ascii::assign_lower(lower, text);
  return name_from(std::move(lower));
}

Result<Url> url_from(std::string_view text) {
  if (!std::ranges::all_of(text, is_url_character)) return bad("a character that must be encoded");
  Url url;
  const auto end_of_scheme = text.find("://");
  const auto scheme = text.substr(0, end_of_scheme);
  url.tls = ascii::equal(scheme, "https");
  if (end_of_scheme == std::string_view::npos || (!url.tls && !ascii::equal(scheme, "http")))
    return bad("not http://... or https://...");
  text.remove_prefix(end_of_scheme + 3);
  text = text.substr(0, text.find('#'));
  const auto end = std::min(text.find_first_of("/?"), text.size());
  if (auto read = read_authority(text.substr(0, end), url); !read) return fail(read);
  url.target = text.substr(end);
  if (!url.target.starts_with('/')) url.target.insert(0, 1, '/');
  return url;
}

HostKind kind_of(const std::string& host) {
  std::error_code error;
  const auto address = asio::ip::make_address(host, error);
  if (error) return HostKind::kName;
  return is_loopback(address) ? HostKind::kLoopback : HostKind::kOtherAddress;
}

bool is_loopback(const asio::ip::address& address) {
  if (!address.is_v6() || !address.to_v6().is_v4_mapped()) return address.is_loopback();
  return asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6()).is_loopback();
}

}  // namespace baton::http
