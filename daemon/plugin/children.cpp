#include "plugin/children.hpp"

#include <utility>

namespace baton::plugin {
namespace {

class SystemChild final : public RunningChild {
 public:
  explicit SystemChild(std::unique_ptr<process::Child> child) : child_(std::move(child)) {}
  Result<Unit> write(std::string_view bytes) override { return child_->write(bytes); }
  void close_stdin() override { child_->close_stdin(); }
  Result<Unit> signal(int number) override { return child_->signal(number); }
  void stop(std::chrono::nanoseconds grace) override { child_->stop(grace); }
  void pause(bool paused) override { child_->pause(paused); }

 private:
  std::unique_ptr<process::Child> child_;
};

}  // namespace

Result<std::unique_ptr<RunningChild>> SystemChildren::spawn(process::SpawnRequest request,
                                                            process::Child::Events events) {
  auto child = process::Child::spawn(loop_, ledger_, std::move(request), std::move(events));
  if (!child) return fail(child);
  return std::make_unique<SystemChild>(std::move(*child));
}

}  // namespace baton::plugin
