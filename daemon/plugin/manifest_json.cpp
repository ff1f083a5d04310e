// The manifest on its way from the probe to the daemon.
#include <utility>

#include "base/json_reader.hpp"
#include "base/json_writer.hpp"
#include "plugin/manifest.hpp"

namespace baton::plugin {

std::string to_json(const Accepted<Manifest>& examined) {
  std::string out;
  json::Writer json(out);
  json.object();
  if (!examined) {
    json.field("refused", to_text(examined.error().code)).field("text", examined.error().text).end();
    return out;
  }
  const Manifest& manifest = *examined;
  json.field("id", manifest.id).field("name", manifest.name).field("version", manifest.version);
  json.field("vendor", manifest.vendor).field("url", manifest.url).field("license", manifest.license);
  json.field("summary", manifest.summary).field("config_schema", manifest.config_schema);
  json.field("abi_minor_built", manifest.abi_minor_built).field("abi_minor_needed", manifest.abi_minor_needed);
  json.field("offers", manifest.offers).field("needs", manifest.needs).field("wants", manifest.wants);
  json.field("secrets", manifest.secrets).field("executables", manifest.executables);
  json.field("user_files", manifest.user_files).end();
  return out;
}

Accepted<Manifest> from_json(std::string_view json) {
  const auto document = json::Document::parse(json);
  if (!document || !document->root().is_object())
    return refuse(RefusalCode::kProbeCrash, "the probe ended without an answer");
  const auto root = document->root();
  const auto text = [&](std::string_view name) { return std::string(json::text(root, name).value_or("")); };
  if (const auto refused = json::text(root, "refused")) {
    const auto code = refusal_code(*refused);
    return refuse(code.value_or(RefusalCode::kProbeCrash), text("text"));
  }
  const auto number = [&](std::string_view name) {
    return static_cast<std::uint32_t>(json::integer(root, name).value_or(0));
  };
  Manifest manifest{text("id"),
                    text("name"),
                    text("version"),
                    text("vendor"),
                    text("url"),
                    text("license"),
                    text("summary"),
                    text("config_schema"),
                    number("abi_minor_built"),
                    number("abi_minor_needed"),
                    json::texts(root, "offers"),
                    json::texts(root, "needs"),
                    json::texts(root, "wants"),
                    json::texts(root, "secrets"),
                    json::texts(root, "executables"),
                    json::texts(root, "user_files")};
  if (manifest.id.empty()) return refuse(RefusalCode::kProbeCrash, "the probe ended without an answer");
  return manifest;
}

}  // namespace baton::plugin
