// Reads a TOML table key by key and knows at the end which keys nobody asked for.
//
// The first mistake wins and is kept with its place ("file:line: …"); after it every getter leaves its target alone, so
// that reading code needs no checks of its own.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <toml++/toml.h>

#include "base/result.hpp"

namespace baton::app {

class TomlReader {
 public:
  // `name` is the table's place for messages ("gate"); `problem` is shared by all readers of one file.
  TomlReader(const toml::table& table, std::string name, std::string file, std::optional<Error>& problem);

  void text(std::string_view key, std::string& target);
  void text(std::string_view key, std::optional<std::string>& target);
  void texts(std::string_view key, std::vector<std::string>& target);
  // A table of texts, in the order of their names.
  void named_texts(std::string_view key, std::vector<std::pair<std::string, std::string>>& target);
  void boolean(std::string_view key, bool& target);
  void number(std::string_view key, std::uint32_t& target);
  void seconds(std::string_view key, std::chrono::seconds& target);  // at least 1
  void seconds(std::string_view key, std::optional<std::chrono::seconds>& target);
  // With fractions, at least a millisecond.
  void seconds(std::string_view key, std::chrono::milliseconds& target);
  void seconds(std::string_view key, std::optional<std::chrono::milliseconds>& target);
  void amount(std::string_view key, double& target, double most);  // from 0, with fractions
  void one_of(std::string_view key, std::string& target, std::initializer_list<std::string_view> allowed);

  std::optional<TomlReader> table(std::string_view key);
  std::vector<TomlReader> tables(std::string_view key);  // [[key]]
  std::string json(std::string_view key);                // a table as compact JSON, "{}" when it is not there

  // A mistake unless `holds`: "<path of key> <what>".
  void check(bool holds, std::string_view key, std::string_view what);
  void require(std::string_view key);  // a mistake when it is missing
  void finish();                       // a mistake when a key was not asked for

 private:
  const toml::node* take(std::string_view key);
  void mistake(const toml::node* at, const std::string& what);
  std::string path(std::string_view key) const;

  const toml::table* table_;
  std::string name_;
  std::string file_;
  std::optional<Error>* problem_;
  std::set<std::string, std::less<>> known_;
};

}  // namespace baton::app
