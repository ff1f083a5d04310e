#include "http/host_guard.hpp"

#include <algorithm>

#include "http/ascii.hpp"

namespace baton::http {
namespace {

bool is_port(std::string_view text) { return ascii::all_digits(text) && text.size() <= 5; }

bool is_name_letter(char c) {
  const char l = ascii::lower(c);
  return (l >= 'a' && l <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
}

bool is_name(std::string_view text) { return !text.empty() && std::all_of(text.begin(), text.end(), is_name_letter); }

bool is_ipv6(std::string_view text) {
  return text.find(':') != std::string_view::npos && std::all_of(text.begin(), text.end(), [](char c) {
           const char l = ascii::lower(c);
           return (l >= '0' && l <= '9') || (l >= 'a' && l <= 'f') || c == ':' || c == '.';
         });
}

// 127.a.b.c with four plain numbers; "127.evil.example" is a name like any other.
bool is_loopback_ipv4(std::string_view host) {
  if (!host.starts_with("127.")) return false;
  int parts = 0;
  while (true) {
    const auto end = host.find('.');
    const auto part = host.substr(0, end);
    if (!ascii::all_digits(part) || part.size() > 3) return false;
    ++parts;
    if (end == std::string_view::npos) return parts == 4;
    host.remove_prefix(end + 1);
  }
}

}  // namespace

std::optional<std::string> host_of(std::string_view authority) {
  std::string_view host;
  std::string_view rest;
  if (authority.starts_with('[')) {
    const auto end = authority.find(']');
    if (end == std::string_view::npos) return std::nullopt;
    host = authority.substr(1, end - 1);
    rest = authority.substr(end + 1);
    if (!is_ipv6(host)) return std::nullopt;
  } else {
    const auto end = authority.find(':');
    host = authority.substr(0, end);
    rest = end == std::string_view::npos ? std::string_view() : authority.substr(end);
    if (host.ends_with('.')) host.remove_suffix(1);
    if (!is_name(host)) return std::nullopt;
  }
  if (!rest.empty() && (rest.front() != ':' || !is_port(rest.substr(1)))) return std::nullopt;
  std::string lower;
  ascii::assign_lower(lower, host);
  return lower;
}

void HostGuard::allow(std::string_view name) {
  if (auto host = host_of(name)) names_.push_back(std::move(*host));
}

bool HostGuard::knows(std::string_view host) const {
  return host == "localhost" || host == "::1" || is_loopback_ipv4(host) ||
         std::find(names_.begin(), names_.end(), host) != names_.end();
}

bool HostGuard::allows_host(std::string_view authority) const {
  const auto host = host_of(authority);
  return host && knows(*host);
}

bool HostGuard::allows_origin(std::string_view origin) const {
  const auto end = origin.find("://");
  if (end == std::string_view::npos) return false;
  const auto scheme = origin.substr(0, end);
  if (!ascii::equal(scheme, "http") && !ascii::equal(scheme, "https")) return false;
  return allows_host(origin.substr(end + 3));
}

std::optional<Refusal> HostGuard::check(const Request& request) const {
  // Only HTTP/1.0 may leave the name out (head_rules.hpp), and no browser speaks that: there is nobody to be tricked.
  const auto host = request.header("host");
  if (host && !allows_host(*host)) return Refusal{403, "host not allowed"};
  const auto origin = request.header("origin").value_or("");
  if (!origin.empty() && !allows_origin(origin)) return Refusal{403, "origin not allowed"};
  const auto site = request.header("sec-fetch-site").value_or("");
  if (ascii::equal(site, "cross-site") && origin.empty()) return Refusal{403, "origin not allowed"};
  return std::nullopt;
}

}  // namespace baton::http
