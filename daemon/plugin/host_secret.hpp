// The secrets that one instance was granted: baton.secret/1.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "baton/ext/secret.h"
#include "plugin/masker.hpp"

namespace baton::plugin {

class Instance;

class HostSecret {
 public:
  explicit HostSecret(Instance& instance) : instance_(instance) {}

  // Reads what the configuration grants of what the descriptor asks for, before the plugin's first call. Touches the
  // disk: for the start.
  void load();

  baton_status get(const char* name, baton_str* out);

  const Masker& masker() const { return masker_; }
  // Granted ones by name, and whether there is a value.
  std::vector<std::pair<std::string, bool>> granted() const;

 private:
  Instance& instance_;
  std::map<std::string, std::optional<std::string>, std::less<>> values_;  // nothing: granted, and there is none
  Masker masker_;
};

}  // namespace baton::plugin
