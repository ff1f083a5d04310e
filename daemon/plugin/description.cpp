// What GET answers about plugins.
#include "base/json_writer.hpp"
#include "plugin/host.hpp"

namespace baton::plugin {
namespace {

void write_refusal(json::Writer& json, const std::optional<Refusal>& refusal) {
  json.key("refusal");
  if (!refusal) {
    json.value(nullptr);
    return;
  }
  json.object().field("code", to_text(refusal->code)).field("text", refusal->text).end();
}

void write_library(json::Writer& json, const Description::LibraryPart& part) {
  json.object().field("file", part.file).field("loaded", part.loaded);
  if (part.manifest) {
    const Manifest& manifest = *part.manifest;
    json.field("id", manifest.id).field("name", manifest.name).field("version", manifest.version);
    json.field("vendor", manifest.vendor).field("license", manifest.license).field("summary", manifest.summary);
    json.field("abiMinor", manifest.abi_minor_built).field("offers", manifest.offers);
    json.field("executables", manifest.executables).field("secrets", manifest.secrets);
    json.field("userFiles", manifest.user_files);
  }
  write_refusal(json, part.refusal);
  json.end();
}

void write_instance(json::Writer& json, const Description::InstancePart& part) {
  json.object().field("name", part.name).field("plugin", part.plugin);
  write_refusal(json, part.refusal);
  json.key("health").object().field("probed", part.health.probed).field("ready", part.health.ready);
  json.field("version", part.health.version)
      .field("account", part.health.account)
      .field("hint", part.health.hint)
      .end();
  json.field("runs", part.runs).field("processes", part.processes).field("timers", part.timers);
  json.field("fileOperations", part.file_operations);
  json.field("watches", part.watches).field("wakeups", part.wakeups);
  json.field("approvals", part.approvals).field("toolCalls", part.tool_calls);
  json.key("store").object().field("keys", part.store_keys).field("bytes", part.store_bytes).end();
  json.key("secrets").array();
  for (const auto& [name, present] : part.secrets) json.object().field("name", name).field("present", present).end();
  json.end();
  if (part.setup) write_setup(json.key("setup"), *part.setup);
  const auto& counted = part.misbehaviour;
  json.key("misbehaviour").object();
  json.field("staleHandle", counted.stale_handle).field("lateCall", counted.late_call);
  json.field("brokenText", counted.broken_text).field("brokenStruct", counted.broken_struct);
  json.field("slowCall", counted.slow_call).field("missingEnd", counted.missing_end);
  json.field("wrongThread", counted.wrong_thread).end();
  json.end();
}

}  // namespace

std::string to_json(const Description& description) {
  std::string out;
  json::Writer json(out);
  json.object().key("libraries").array();
  for (const auto& part : description.libraries) write_library(json, part);
  json.end().key("instances").array();
  for (const auto& part : description.instances) write_instance(json, part);
  json.end().end();
  return out;
}

}  // namespace baton::plugin
