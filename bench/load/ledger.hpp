// What the server has told us: the tasks it made and whom it gave them to.
//
// Ids lie one after the other in one string, because there may be millions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace baton::load {

class Ledger {
 public:
  static constexpr std::uint32_t kNobody = 0xffff'ffff;

  void add_task(std::string_view id) {
    ids_ += id;
    tasks_.push_back({ids_.size(), kNobody, false});
  }
  std::size_t tasks() const { return tasks_.size(); }
  std::string_view id(std::size_t task) const {
    const std::size_t begin = task == 0 ? 0 : tasks_[task - 1].id_end;
    return std::string_view(ids_).substr(begin, tasks_[task].id_end - begin);
  }

  // The first claimant whose claim was acknowledged.
  std::uint32_t winner(std::size_t task) const { return tasks_[task].winner; }
  void set_winner(std::size_t task, std::uint32_t claimant) { tasks_[task].winner = claimant; }

  // Some claim got no answer, or none that says who won: the task may have an owner that we do not know.
  bool is_unclear(std::size_t task) const { return tasks_[task].is_unclear; }
  void set_unclear(std::size_t task) { tasks_[task].is_unclear = true; }

 private:
  struct Task {
    std::size_t id_end;
    std::uint32_t winner;
    bool is_unclear;
  };
  std::string ids_;
  std::vector<Task> tasks_;
};

}  // namespace baton::load
