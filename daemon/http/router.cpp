// The routes are a tree of segments; a search walks it with backtracking, which costs as many steps as the path has
// segments unless a literal and a {name} compete. The more literal pattern wins whatever its methods are: "claim-next"
// is never the id of a task. It allocates nothing but what params need.
#include "http/router.hpp"

#include <algorithm>
#include <optional>
#include <span>

#include "base/bug.hpp"
#include "base/json_writer.hpp"
#include "base/text.hpp"
#include "http/errors.hpp"
#include "http/target.hpp"

namespace baton::http {
namespace {

constexpr std::size_t kDeepest = 16;  // segments of a pattern

bool is_name(std::string_view segment) { return segment.starts_with('{') && segment.ends_with('}'); }

// The segments of an absolute path, without the empty one behind a trailing slash. Nothing when there are more than
// `most`.
std::optional<std::size_t> split(std::string_view path, std::size_t most, std::span<std::string_view> segments) {
  path.remove_prefix(1);
  if (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
  std::size_t count = 0;
  while (!path.empty() || count > 0) {
    if (count == most) return std::nullopt;
    const auto end = path.find('/');
    segments[count++] = path.substr(0, end);
    if (end == std::string_view::npos) break;
    path.remove_prefix(end + 1);
  }
  return count;
}

bool same_segment(std::string_view encoded, std::string_view literal) {
  if (encoded == literal) return true;
  if (encoded.find('%') == std::string_view::npos) return false;
  std::string decoded;
  return percent_decode(encoded, false, decoded) && decoded == literal;
}

std::string allowed(std::uint32_t methods) {
  std::string list;
  const auto say = [&list](Method method) {
    if (!list.empty()) list += ", ";
    list += to_text(method);
  };
  const auto has = [methods](Method method) { return (methods >> static_cast<unsigned>(method) & 1U) != 0; };
  if (has(Method::kGet)) say(Method::kGet);
  if (has(Method::kGet) || has(Method::kHead)) say(Method::kHead);
  for (const auto method : {Method::kPost, Method::kPut, Method::kPatch, Method::kDelete}) {
    if (has(method)) say(method);
  }
  say(Method::kOptions);
  return list;
}

Response not_found(std::string_view path) {
  Response response{.status = 404};
  json::Writer(response.body).object().field("error", "not found").field("path", text::shortened(path)).end();
  return response;
}

Response not_allowed(std::uint32_t methods) {
  Response response = error_response(405, "method not allowed");
  response.headers.emplace_back("Allow", allowed(methods));
  return response;
}

Response options(std::uint32_t methods) {
  Response response{.status = 204};
  response.headers.emplace_back("Allow", allowed(methods));
  return response;
}

}  // namespace

struct Router::Search {
  Method method;
  std::array<std::string_view, kDeepest> segments{};
  std::size_t count = 0;
  std::array<std::string_view, kDeepest> names{};  // segments that a {name} took, encoded
  std::size_t named = 0;
  std::uint32_t methods = 0;  // of the patterns that match, as bits
};

void Router::add(std::vector<Route> routes) {
  for (auto& route : routes) add(std::move(route));
}

void Router::add(Route route) {
  require(route.pattern.starts_with('/'), "a pattern begins with '/'");
  require(static_cast<bool>(route.handler) != static_cast<bool>(route.task_handler), "a route has one handler");
  if (nodes_.empty()) nodes_.emplace_back().routes.fill(kNone);
  std::array<std::string_view, kDeepest> segments{};
  const auto count = split(route.pattern, kDeepest, segments);
  require(count.has_value(), "a pattern has too many segments");
  std::uint32_t node = 0;
  for (std::size_t i = 0; i < *count; ++i) node = child(node, segments[i]);
  deepest_ = std::max(deepest_, *count);
  auto& place = nodes_[node].routes[static_cast<std::size_t>(route.method)];
  require(place == kNone, "two routes with the same method and pattern");
  place = static_cast<std::uint32_t>(routes_.size());
  routes_.push_back(std::move(route));
}

std::uint32_t Router::child(std::uint32_t node, std::string_view segment) {
  require(!segment.empty(), "a pattern has an empty segment");
  const auto next = static_cast<std::uint32_t>(nodes_.size());
  if (is_name(segment)) {
    if (nodes_[node].name != kNone) return nodes_[node].name;
    nodes_[node].name = next;
  } else {
    for (const auto& [literal, found] : nodes_[node].literals) {
      if (literal == segment) return found;
    }
    nodes_[node].literals.emplace_back(segment, next);
  }
  nodes_.emplace_back().routes.fill(kNone);
  return next;
}

const Route* Router::find(Request& request, Response& refusal) const {
  Search search{.method = request.method};
  const auto path = path_of(request.target);
  const auto count = path.starts_with('/') && !nodes_.empty() ? split(path, deepest_, search.segments) : std::nullopt;
  search.count = count.value_or(0);
  const std::uint32_t found = count ? walk(search, 0, 0) : kNone;
  if (found == kNone) {
    if (request.method == Method::kOptions && request.target == "*") search.methods = (1U << kMethods) - 1;
    refusal = search.methods == 0                  ? not_found(request.path)
              : request.method == Method::kOptions ? options(search.methods)
                                                   : not_allowed(search.methods);
    return nullptr;
  }
  request.params.resize(search.named);
  for (std::size_t i = 0; i < search.named; ++i) {
    request.params[i].clear();
    require(percent_decode(search.names[i], false, request.params[i]), "a target that was not checked");
  }
  return &routes_[found];
}

// The route below `node` that serves the segments from `depth` on.
std::uint32_t Router::walk(Search& search, std::uint32_t node, std::size_t depth) const {
  if (depth == search.count) return serves(search, node);
  const std::string_view segment = search.segments[depth];
  if (segment.empty()) return kNone;
  for (const auto& [literal, next] : nodes_[node].literals) {
    if (!same_segment(segment, literal)) continue;
    const auto found = walk(search, next, depth + 1);
    if (found != kNone || search.methods != 0) return found;  // what it names is known, with this method or without
  }
  if (nodes_[node].name == kNone) return kNone;
  search.names[search.named++] = segment;
  const auto found = walk(search, nodes_[node].name, depth + 1);
  if (found == kNone) --search.named;
  return found;
}

std::uint32_t Router::serves(Search& search, std::uint32_t node) const {
  const auto& routes = nodes_[node].routes;
  const auto exact = routes[static_cast<std::size_t>(search.method)];
  if (exact != kNone) return exact;
  if (search.method == Method::kHead && routes[static_cast<std::size_t>(Method::kGet)] != kNone) {
    return routes[static_cast<std::size_t>(Method::kGet)];
  }
  for (std::size_t i = 0; i < kMethods; ++i) {
    if (routes[i] != kNone) search.methods |= 1U << i;
  }
  return kNone;
}

}  // namespace baton::http
