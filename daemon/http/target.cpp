#include "http/target.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "http/ascii.hpp"

namespace baton::http {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

// "http://host:1/path?query" becomes "/path?query"; kInvalid unless the authority is the Host header's.
Result<std::string_view> reduced(std::string_view absolute, std::string_view authority) {
  constexpr std::string_view kScheme = "http://";
  if (!ascii::equal(absolute.substr(0, kScheme.size()), kScheme)) {
    return fail(Errc::kInvalid, "the request target must be a path");
  }
  absolute.remove_prefix(kScheme.size());
  const auto end = absolute.find_first_of("/?");
  if (!ascii::equal(absolute.substr(0, end), authority)) {
    return fail(Errc::kInvalid, "the request target names another host than the Host header");
  }
  if (end == std::string_view::npos) return std::string_view("/");
  if (absolute[end] == '?') return fail(Errc::kInvalid, "the request target has no path");
  return absolute.substr(end);
}

Result<Unit> check_decoded(std::string_view decoded, std::string_view place) {
  if (decoded.find('\0') != std::string_view::npos)
    return fail(Errc::kInvalid, fmt::format("NUL is not allowed in the {}", place));
  if (!text::is_utf8(decoded)) return fail(Errc::kInvalid, fmt::format("the {} is not UTF-8", place));
  return Unit{};
}

// One slot of `list` is reused per parameter, so that a connection that is used again does not allocate.
Result<Unit> read_query(std::string_view text, std::vector<std::pair<std::string, std::string>>& list) {
  std::size_t count = 0;
  while (!text.empty()) {
    const auto end = text.find('&');
    const auto piece = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    if (piece.empty()) continue;
    if (count == list.size()) list.emplace_back();
    auto& [name, value] = list[count++];
    name.clear();
    value.clear();
    const auto equals = piece.find('=');
    const bool has_value = equals != std::string_view::npos;
    if (!percent_decode(piece.substr(0, equals), true, name) ||
        (has_value && !percent_decode(piece.substr(equals + 1), true, value))) {
      return fail(Errc::kInvalid, "broken escape in the query");
    }
    for (const auto& decoded : {std::string_view(name), std::string_view(value)}) {
      if (auto checked = check_decoded(decoded, "query"); !checked) return checked;
    }
  }
  list.resize(count);
  return Unit{};
}

}  // namespace

bool percent_decode(std::string_view text, bool plus_is_space, std::string& out) {
  while (true) {
    const auto plain = text.substr(0, plus_is_space ? text.find_first_of("%+") : text.find('%'));
    out.append(plain);
    text.remove_prefix(plain.size());
    if (text.empty()) return true;
    if (text.front() == '+') {
      out.push_back(' ');
      text.remove_prefix(1);
      continue;
    }
    if (text.size() < 3) return false;
    const int high = hex_digit(text[1]);
    const int low = hex_digit(text[2]);
    if (high < 0 || low < 0) return false;
    out.push_back(static_cast<char>(high * 16 + low));
    text.remove_prefix(3);
  }
}

std::string percent_encoded(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    if (unreserved(c)) {
      out.push_back(c);
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out.push_back('%');
    out.push_back(kDigits[byte / 16]);
    out.push_back(kDigits[byte % 16]);
  }
  return out;
}

std::string_view path_of(std::string_view target) { return target.substr(0, target.find('?')); }

Result<Unit> set_target(Request& request, std::string_view target, std::string_view authority) {
  const bool asterisk = target == "*" && request.method == Method::kOptions;
  if (!asterisk && (target.empty() || target.front() != '/')) {
    auto path = reduced(target, authority);
    if (!path) return fail(path);
    target = *path;
  }
  if (target.find('#') != std::string_view::npos) return fail(Errc::kInvalid, "a fragment in the request target");

  request.target.assign(target);
  request.path.clear();
  const auto path = path_of(target);
  if (!percent_decode(path, false, request.path)) return fail(Errc::kInvalid, "broken escape in the path");
  if (auto checked = check_decoded(request.path, "path"); !checked) return checked;
  const auto query = path.size() == target.size() ? std::string_view() : target.substr(path.size() + 1);
  return read_query(query, request.query);
}

}  // namespace baton::http
