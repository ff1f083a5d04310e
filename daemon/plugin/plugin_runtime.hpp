// An instance of a plugin as the executor's runtime::Runtime.
//
// It outlives the instance: a run that is being settled may still know it after the instance was switched off, and the
// instance that takes its place is reached by it too.
#pragma once

#include <memory>
#include <string>

#include "plugin/instance.hpp"
#include "plugin/masker.hpp"
#include "runtime/runtime.hpp"

namespace baton::plugin {

class PluginRuntime final : public runtime::Runtime {
 public:
  explicit PluginRuntime(std::string id) : id_(std::move(id)), name_(id_) {}

  void attach(Instance& instance);  // which lives until detach()
  void detach();

  const std::string& id() const override { return id_; }
  const std::string& name() const override { return name_; }
  const runtime::Capabilities& capabilities() const override;
  const runtime::Health& health() const override;
  void mask(std::string& text) const override;
  // kUnavailable: it is stopping, switched off or quarantined.
  Result<std::unique_ptr<runtime::Run>> start(const runtime::Request& request, runtime::Listener& listener) override;

 private:
  const std::string id_;
  std::string name_;
  Instance* instance_ = nullptr;
  // Of the last instance, while there is none:
  runtime::Capabilities capabilities_;
  runtime::Health health_;
  Masker masker_;
};

}  // namespace baton::plugin
