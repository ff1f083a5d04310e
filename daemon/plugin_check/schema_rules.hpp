// Whether a configuration's schema says what its author means: a keyword that the host checks but that has a wrong form
// checks nothing, and nobody would notice.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace baton::plugin_check {

// What is wrong first, with its place ("properties.argv: ..."); nothing when all is well. Keywords that the host does
// not check (GUIDE.md) are let pass.
std::optional<std::string> schema_mistake(std::string_view schema);

}  // namespace baton::plugin_check
