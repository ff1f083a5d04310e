// An instance of a plugin as the executor's runtime::Runtime.
#pragma once

#include <memory>
#include <string>

#include "plugin/instance.hpp"
#include "runtime/runtime.hpp"

namespace baton::plugin {

class PluginRuntime final : public runtime::Runtime {
 public:
  explicit PluginRuntime(Instance& instance);  // which outlives it

  const std::string& id() const override { return instance_.name(); }
  const std::string& name() const override { return name_; }
  const runtime::Capabilities& capabilities() const override { return instance_.capabilities(); }
  const runtime::Health& health() const override { return instance_.health(); }
  Result<std::unique_ptr<runtime::Run>> start(const runtime::Request& request, runtime::Listener& listener) override;

 private:
  Instance& instance_;
  std::string name_;
};

}  // namespace baton::plugin
