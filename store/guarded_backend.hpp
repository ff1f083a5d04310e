// A backend that acknowledges nothing once its files have been removed or replaced: looked at after each commit of a
// group and before its answers, and from then on refused.
#pragma once

#include <memory>
#include <optional>
#include <utility>

#include "store/backend.hpp"
#include "store/open_files.hpp"

namespace baton::store {

class GuardedBackend final : public Backend {
 public:
  GuardedBackend(std::unique_ptr<Backend> backend, OpenFiles files)
      : backend_(std::move(backend)), files_(std::move(files)) {}

  Result<Tx*> begin(std::int64_t now_ms) override {
    if (lost_) return fail(*lost_);
    return backend_->begin(now_ms);
  }
  Result<Unit> save_point() override { return backend_->save_point(); }
  void undo_to_save_point() override { backend_->undo_to_save_point(); }
  const Error* failure() const override { return backend_->failure(); }
  Result<Unit> commit() override {
    if (auto committed = backend_->commit(); !committed) return committed;
    auto there = files_.check();
    if (!there) lost_ = there.error();
    return there;
  }
  void roll_back() override { backend_->roll_back(); }

 private:
  std::unique_ptr<Backend> backend_;
  const OpenFiles files_;
  std::optional<Error> lost_;
};

}  // namespace baton::store
