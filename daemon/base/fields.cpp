#include "base/fields.hpp"

#include "base/bug.hpp"

namespace baton {

const Fields::Content& Fields::at(std::string_view name) const {
  for (std::size_t i = 0; i < table_.size(); ++i) {
    if (table_[i].name == name) return contents_[i];
  }
  bug("asked a body for a field that its table does not name");
}

bool Fields::has(std::string_view name) const { return !std::holds_alternative<std::monostate>(at(name)); }
bool Fields::is_null(std::string_view name) const { return std::holds_alternative<std::nullptr_t>(at(name)); }

std::optional<std::string> Fields::text(std::string_view name) const {
  const auto* content = std::get_if<std::string>(&at(name));
  return content == nullptr ? std::nullopt : std::optional(*content);
}
std::optional<std::int64_t> Fields::integer(std::string_view name) const {
  const auto* content = std::get_if<std::int64_t>(&at(name));
  return content == nullptr ? std::nullopt : std::optional(*content);
}
std::optional<double> Fields::number(std::string_view name) const {
  const auto* content = std::get_if<double>(&at(name));
  return content == nullptr ? std::nullopt : std::optional(*content);
}
std::optional<bool> Fields::boolean(std::string_view name) const {
  const auto* content = std::get_if<bool>(&at(name));
  return content == nullptr ? std::nullopt : std::optional(*content);
}

std::vector<std::string> Fields::texts(std::string_view name) const {
  const auto* content = std::get_if<std::vector<std::string>>(&at(name));
  return content == nullptr ? std::vector<std::string>{} : *content;
}

const Fields* Fields::object(std::string_view name) const {
  const auto* content = std::get_if<Object>(&at(name));
  return content == nullptr ? nullptr : &content->front();
}

std::string Fields::need_text(std::string_view name) const {
  auto content = text(name);
  require(content.has_value(), "field is not required by its table");
  return *std::move(content);
}

bool Fields::empty() const {
  for (const auto& content : contents_) {
    if (!std::holds_alternative<std::monostate>(content)) return false;
  }
  return true;
}

}  // namespace baton
