// Which instances a person has switched off; kept over restarts, as a JSON array of names.
#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <utility>

#include "base/result.hpp"

namespace baton::plugin {

class Switches {
 public:
  // Reads `file`, once; one that is not there switches nothing off, nor does one that cannot be understood (the log
  // says so). Without a file what is switched is kept for this process only.
  void open(std::filesystem::path file);

  bool is_off(const std::string& instance) const { return off_.contains(instance); }
  // kIo: nothing was switched.
  Result<Unit> turn(const std::string& instance, bool off);

 private:
  std::filesystem::path file_;
  std::set<std::string> off_;
};

}  // namespace baton::plugin
