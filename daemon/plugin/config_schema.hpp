// Checks an instance's configuration against its plugin's JSON Schema, before the plugin sees it.
//
// Of JSON Schema only what configurations need: type, required, properties, additionalProperties, items, enum, minimum,
// maximum, minLength, maxLength (in characters), minItems, maxItems. Other keywords are for readers; the plugin checks
// what they mean.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace baton::plugin {

// Why `config` does not fit, naming the field ("argv[1]: must be text"); nothing when it does. An empty schema lets
// every object pass.
std::optional<std::string> misfit(std::string_view schema, std::string_view config);

}  // namespace baton::plugin
