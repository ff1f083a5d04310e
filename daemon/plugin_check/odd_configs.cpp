#include "plugin_check/odd_configs.hpp"

#include <array>
#include <cstddef>

#include "base/json_reader.hpp"
#include "base/json_writer.hpp"
#include "plugin/config_schema.hpp"

namespace baton::plugin_check {
namespace {

constexpr std::size_t kSettings = 64;  // that are tried; a schema is at most 256 KiB
constexpr std::size_t kLongText = 256 * 1024;

// As JSON.
std::vector<std::string> odd_values() {
  std::vector<std::string> all;
  for (const char* value : {R"("")",
                            R"(" ")",
                            R"("\u0000")",
                            R"("{")",
                            R"("}{{no such word}")",
                            R"("../../etc")",
                            "0",
                            "-1",
                            "9223372036854775807",
                            "-9223372036854775808",
                            "1e308",
                            "true",
                            "false",
                            "null",
                            "[]",
                            R"([""])",
                            R"(["\u0000"])",
                            "[[[[]]]]",
                            "{}",
                            R"({"":""})",
                            R"({"=":"\u0000"})"})
    all.emplace_back(value);
  all.push_back('"' + std::string(kLongText, 'x') + '"');
  return all;
}

// `usual` with one member more, or another value in it.
std::string with(json::Value usual, std::string_view name, std::string_view value) {
  std::string out;
  json::Writer json(out);
  json.object();
  for (const auto member : usual.get_object()) {
    if (member.key != name) json.raw_field(member.key, simdjson::minify(member.value));
  }
  json.raw_field(name, value).end();
  return out;
}

std::vector<std::string> settings_of(const std::string& schema) {
  std::vector<std::string> names{"no such setting"};
  const auto document = json::Document::parse(schema);
  const auto properties = document ? json::member(document->root(), "properties") : std::nullopt;
  if (!properties || !properties->is_object()) return names;
  for (const auto entry : properties->get_object()) {
    if (names.size() <= kSettings) names.emplace_back(entry.key);
  }
  return names;
}

}  // namespace

std::vector<std::string> odd_configs(const std::string& schema, const std::string& usual) {
  std::vector<std::string> all;
  const auto keep = [&](std::string config) {
    if (!plugin::misfit(schema, config)) all.push_back(std::move(config));
  };
  keep("{}");
  const auto document = json::Document::parse(usual);
  if (!document || !document->root().is_object()) return all;
  for (const auto& name : settings_of(schema)) {
    for (const auto& value : odd_values()) keep(with(document->root(), name, value));
  }
  return all;
}

}  // namespace baton::plugin_check
