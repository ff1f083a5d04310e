#include "base/fault_point.hpp"

#ifdef BATON_FAULT_POINTS
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <string>
#endif

namespace baton {

#ifdef BATON_FAULT_POINTS

namespace {

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

}  // namespace

void fault_point(std::string_view name) {
  static const std::string trace = variable("BATON_FAULT_TRACE");
  static const std::string kill_at = variable("BATON_FAULT_KILL");
  if (!trace.empty()) std::ofstream(trace, std::ios::app) << name << '\n';
  if (name == kill_at) std::raise(SIGKILL);
}

#else

void fault_point(std::string_view) {}

#endif

}  // namespace baton
