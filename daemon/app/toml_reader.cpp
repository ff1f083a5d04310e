#include "app/toml_reader.hpp"

#include <sstream>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/json_compact.hpp"

namespace baton::app {
namespace {

constexpr double kLeastSeconds = 0.001;
constexpr std::int64_t kYear = 365LL * 24 * 3600;  // in seconds

}  // namespace

TomlReader::TomlReader(const toml::table& table, std::string name, std::string file, std::optional<Error>& problem)
    : table_(&table), name_(std::move(name)), file_(std::move(file)), problem_(&problem) {}

std::string TomlReader::path(std::string_view key) const {
  return name_.empty() ? std::string(key) : name_ + "." + std::string(key);
}

const toml::node* TomlReader::take(std::string_view key) {
  known_.emplace(key);
  return *problem_ ? nullptr : table_->get(key);
}

void TomlReader::mistake(const toml::node* at, const std::string& what) {
  if (*problem_) return;
  const auto line = at != nullptr ? at->source().begin.line : table_->source().begin.line;
  *problem_ = Error{Errc::kInvalid, fmt::format("{}:{}: {}", file_, line, what), "config"};
}

void TomlReader::text(std::string_view key, std::string& target) {
  const auto* node = take(key);
  if (node == nullptr) return;
  if (const auto found = node->value_exact<std::string>()) {
    target = *found;
  } else {
    mistake(node, path(key) + " must be text");
  }
}

void TomlReader::text(std::string_view key, std::optional<std::string>& target) {
  std::string found;
  if (table_->get(key) == nullptr) {
    known_.emplace(key);
    return;
  }
  text(key, found);
  target = std::move(found);
}

void TomlReader::texts(std::string_view key, std::vector<std::string>& target) {
  const auto* node = take(key);
  if (node == nullptr) return;
  const auto* list = node->as_array();
  if (list == nullptr) return mistake(node, path(key) + " must be a list of texts");
  std::vector<std::string> found;
  for (const auto& item : *list) {
    const auto one = item.value_exact<std::string>();
    if (!one) return mistake(&item, path(key) + " must hold only texts");
    found.push_back(*one);
  }
  target = std::move(found);
}

void TomlReader::named_texts(std::string_view key, std::vector<std::pair<std::string, std::string>>& target) {
  const auto* node = take(key);
  if (node == nullptr) return;
  const auto* table = node->as_table();
  if (table == nullptr) return mistake(node, path(key) + " must be a table of texts");
  std::vector<std::pair<std::string, std::string>> found;
  for (const auto& [name, item] : *table) {
    const auto one = item.value_exact<std::string>();
    if (!one) return mistake(&item, path(key) + " must hold only texts");
    found.emplace_back(name.str(), *one);
  }
  target = std::move(found);
}

void TomlReader::boolean(std::string_view key, bool& target) {
  const auto* node = take(key);
  if (node == nullptr) return;
  if (const auto found = node->value_exact<bool>()) {
    target = *found;
  } else {
    mistake(node, path(key) + " must be true or false");
  }
}

void TomlReader::number(std::string_view key, std::uint32_t& target) {
  const auto* node = take(key);
  if (node == nullptr) return;
  constexpr std::int64_t kMost = 1'000'000;
  const auto found = node->value_exact<std::int64_t>();
  if (!found || *found < 0 || *found > kMost) {
    return mistake(node, fmt::format("{} must be a whole number from 0 to {}", path(key), kMost));
  }
  target = static_cast<std::uint32_t>(*found);
}

void TomlReader::seconds(std::string_view key, std::chrono::seconds& target) {
  const auto* node = take(key);
  if (node == nullptr) return;
  const auto found = node->value_exact<std::int64_t>();
  if (!found || *found < 1 || *found > kYear) {
    return mistake(node, path(key) + " must be a whole number of seconds, at least 1 and at most a year");
  }
  target = std::chrono::seconds(*found);
}

void TomlReader::seconds(std::string_view key, std::optional<std::chrono::seconds>& target) {
  if (table_->get(key) == nullptr) {
    known_.emplace(key);
    return;
  }
  std::chrono::seconds found{0};
  seconds(key, found);
  target = found;
}

void TomlReader::seconds(std::string_view key, std::chrono::milliseconds& target) {
  const auto* node = take(key);
  if (node == nullptr) return;
  const auto found = node->value<double>();  // whole numbers too
  if (!node->is_number() || !found || !(*found >= kLeastSeconds && *found <= kYear)) {
    return mistake(node, path(key) + " must be a number of seconds, at least 0.001 and at most a year");
  }
  target = std::chrono::round<std::chrono::milliseconds>(std::chrono::duration<double>(*found));
}

void TomlReader::seconds(std::string_view key, std::optional<std::chrono::milliseconds>& target) {
  if (table_->get(key) == nullptr) {
    known_.emplace(key);
    return;
  }
  std::chrono::milliseconds found{0};
  seconds(key, found);
  target = found;
}

void TomlReader::amount(std::string_view key, double& target, double most) {
  const auto* node = take(key);
  if (node == nullptr) return;
  const auto found = node->value<double>();
  if (!node->is_number() || !found || !(*found >= 0 && *found <= most)) {
    return mistake(node, fmt::format("{} must be a number from 0 to {}", path(key), most));
  }
  target = *found;
}

void TomlReader::one_of(std::string_view key, std::string& target, std::initializer_list<std::string_view> allowed) {
  std::string found;
  if (table_->get(key) == nullptr) {
    known_.emplace(key);
    return;
  }
  text(key, found);
  for (const auto& candidate : allowed) {
    if (candidate == found) {
      target = std::move(found);
      return;
    }
  }
  mistake(table_->get(key), fmt::format("{} must be one of: {}", path(key), fmt::join(allowed, ", ")));
}

std::optional<TomlReader> TomlReader::table(std::string_view key) {
  const auto* node = take(key);
  if (node == nullptr) return std::nullopt;
  const auto* table = node->as_table();
  if (table == nullptr) {
    mistake(node, path(key) + " must be a table");
    return std::nullopt;
  }
  return TomlReader(*table, path(key), file_, *problem_);
}

std::vector<TomlReader> TomlReader::tables(std::string_view key) {
  std::vector<TomlReader> readers;
  const auto* node = take(key);
  if (node == nullptr) return readers;
  const auto* list = node->as_array();
  if (list == nullptr || !list->is_array_of_tables()) {
    mistake(node, fmt::format("{0} must be written as [[{0}]]", path(key)));
    return readers;
  }
  for (const auto& item : *list) readers.emplace_back(*item.as_table(), path(key), file_, *problem_);
  return readers;
}

std::string TomlReader::json(std::string_view key) {
  const auto* node = take(key);
  if (node == nullptr) return "{}";
  const auto* table = node->as_table();
  if (table == nullptr) {
    mistake(node, path(key) + " must be a table");
    return "{}";
  }
  std::ostringstream text;
  text << toml::json_formatter{*table};
  return json::compact(text.str());  // plugins that look for "key":value find it in the validator and here
}

void TomlReader::check(bool holds, std::string_view key, std::string_view what) {
  if (!holds) mistake(table_->get(key), fmt::format("{} {}", path(key), what));
}

void TomlReader::require(std::string_view key) {
  if (table_->get(key) == nullptr) mistake(nullptr, path(key) + " is missing");
}

void TomlReader::finish() {
  for (const auto& [key, node] : *table_) {
    if (!known_.contains(key.str())) return mistake(&node, "unknown setting " + path(key.str()));
  }
}

}  // namespace baton::app
