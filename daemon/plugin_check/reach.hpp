// Whether something of a request reached what the plugin drives: its programs, their files, its servers.
#pragma once

#include <string_view>

#include "plugin_check/scene.hpp"

namespace baton::plugin_check {

// As an argument, in the environment or on stdin of a program; in a file of the home, the working directory or the
// instance's data; in the address, a header or the body of an HTTP request.
bool reached(Scene& scene, const Subject& subject, std::string_view text);

}  // namespace baton::plugin_check
