#include "plugin/switches.hpp"

#include <cstddef>
#include <string_view>
#include <system_error>

#include "base/json_reader.hpp"
#include "base/json_writer.hpp"
#include "base/log.hpp"
#include "plugin/state_file.hpp"

namespace baton::plugin {
namespace {

constexpr std::size_t kFile = 1024 * 1024;  // more names than a configuration has

std::string text_of(const std::set<std::string>& names) {
  std::string text;
  json::Writer json(text);
  json.array();
  for (const auto& name : names) json.value(name);
  json.end();
  return text;
}

}  // namespace

void Switches::open(std::filesystem::path file) {
  file_ = std::move(file);
  std::error_code error;
  if (!std::filesystem::exists(file_, error)) return;
  const auto text = read_state_file(file_, kFile);
  const auto document = json::Document::parse(text.value_or(""));
  if (!document || !document->root().is_array())
    return log::warn("plugins: {} cannot be understood; nothing is switched off by it", file_.native());
  for (const json::Value name : simdjson::dom::array(document->root())) {
    if (std::string_view view; name.get(view) == simdjson::SUCCESS) off_.emplace(view);
  }
}

Result<Unit> Switches::turn(const std::string& instance, bool off) {
  auto changed = off_;
  if (off) {
    changed.insert(instance);
  } else {
    changed.erase(instance);
  }
  if (changed == off_) return Unit{};
  if (!file_.empty()) {
    if (auto written = replace_state_file(file_, text_of(changed), Keep::kFirmly); !written) return written;
  }
  off_ = std::move(changed);
  return Unit{};
}

}  // namespace baton::plugin
