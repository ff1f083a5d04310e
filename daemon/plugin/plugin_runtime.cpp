#include "plugin/plugin_runtime.hpp"

#include <utility>

#include "base/bug.hpp"

namespace baton::plugin {
namespace {

class PluginRun final : public runtime::Run {
 public:
  explicit PluginRun(std::shared_ptr<RunRecord> record) : record_(std::move(record)) {}
  ~PluginRun() override { record_->abandon(); }
  PluginRun(const PluginRun&) = delete;
  PluginRun& operator=(const PluginRun&) = delete;

  void cancel(runtime::CancelReason reason) override { record_->cancel(reason); }
  void hold(bool held) override { record_->hold(held); }
  Result<Unit> input(runtime::Input input) override { return record_->input(std::move(input)); }

 private:
  std::shared_ptr<RunRecord> record_;
};

// What the plugin says its instance is called, else what the library is called.
std::string display_name(const Instance& instance) {
  constexpr std::string_view kName = "name=";
  for (const auto& fact : instance.capabilities().facts) {
    if (fact.starts_with(kName) && fact.size() > kName.size()) return fact.substr(kName.size());
  }
  return instance.manifest().name;
}

}  // namespace

void PluginRuntime::attach(Instance& instance) {
  instance_ = &instance;
  name_ = display_name(instance);
}

void PluginRuntime::detach() {
  if (instance_ == nullptr) return;
  capabilities_ = instance_->capabilities();
  masker_ = instance_->secrets().masker();
  instance_ = nullptr;
}

const runtime::Capabilities& PluginRuntime::capabilities() const {
  return instance_ != nullptr ? instance_->capabilities() : capabilities_;
}

const runtime::Health& PluginRuntime::health() const { return instance_ != nullptr ? instance_->health() : health_; }

void PluginRuntime::mask(std::string& text) const {
  (instance_ != nullptr ? instance_->secrets().masker() : masker_).mask(text);
}

Result<std::unique_ptr<runtime::Run>> PluginRuntime::start(const runtime::Request& request,
                                                           runtime::Listener& listener) {
  require(!request.cwd.empty(), "a run without a directory");
  if (instance_ == nullptr) return fail(Errc::kUnavailable, id_ + " is switched off", "disabled");
  if (!instance_->takes_runs()) return fail(Errc::kUnavailable, id_ + " is stopping");
  if (instance_->is_quarantined())
    return fail(Errc::kUnavailable, id_ + " is quarantined: " + instance_->quarantine_text(), "quarantined");
  auto record = instance_->runs().start(request, listener);
  if (!record) return fail(record);
  return std::make_unique<PluginRun>(std::move(*record));
}

}  // namespace baton::plugin
