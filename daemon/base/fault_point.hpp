// Places between two steps at which a test has the process killed, as a power cut or an operator would.
//
// They work in builds with tests (the CMake option BATON_FAULT_POINTS) and are empty in all others. Two environment
// variables, read once:
//
//   BATON_FAULT_TRACE=<file>    the name of each point that is passed is appended, one per line
//   BATON_FAULT_KILL=<name>     SIGKILL, of this process by itself, where the point of that name is passed first
#pragma once

#include <string_view>

namespace baton {

// `name`: "<operation>.<what has just been done>", unique in the program.
void fault_point(std::string_view name);

}  // namespace baton
