#include "http/message.hpp"

#include <array>

#include "base/bug.hpp"

namespace baton::http {
namespace {

struct Name {
  Method method;
  std::string_view text;
};
constexpr std::array<Name, 7> kNames{{{Method::kGet, "GET"},
                                      {Method::kHead, "HEAD"},
                                      {Method::kPost, "POST"},
                                      {Method::kPut, "PUT"},
                                      {Method::kPatch, "PATCH"},
                                      {Method::kDelete, "DELETE"},
                                      {Method::kOptions, "OPTIONS"}}};

}  // namespace

std::string_view to_text(Method method) {
  for (const Name& name : kNames) {
    if (name.method == method) return name.text;
  }
  bug("method out of range");
}

std::optional<Method> method_from(std::string_view text) {
  for (const Name& name : kNames) {
    if (name.text == text) return name.method;
  }
  return std::nullopt;
}

std::optional<std::string_view> Request::query_value(std::string_view name) const {
  std::optional<std::string_view> found;
  for (const auto& [key, value] : query) {
    if (key != name) continue;
    if (found) return std::nullopt;
    found = value;
  }
  return found;
}

std::optional<std::string_view> Request::header(std::string_view lower_case_name) const {
  for (const auto& [name, value] : headers) {
    if (name == lower_case_name) return value;
  }
  return std::nullopt;
}

}  // namespace baton::http
