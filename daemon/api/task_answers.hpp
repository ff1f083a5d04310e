// The answers to GET /api/board/{taskId}, kept until something is committed: who polls a task for a change is answered
// without a query until there may be one.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/ids.hpp"

namespace baton::api {

class TaskAnswers {
 public:
  // `state` is Board::state(), asked for before the board is looked at. Null: no answer of that state is kept.
  const std::string* find(const TaskId& id, std::uint64_t state) const;

  // A long answer is not kept, nor for long one whose task shares its place with another that is asked for.
  void keep(const TaskId& id, std::uint64_t state, std::string_view answer);

 private:
  static constexpr std::size_t kPlaces = 64;
  static constexpr std::size_t kLongest = 8 * 1024;  // bytes: at most half a MiB in all

  struct Place {
    std::string id;
    std::string answer;
    std::uint64_t state = 0;
  };
  static std::size_t place_of(const TaskId& id) { return std::hash<std::string_view>()(id.value) % kPlaces; }

  std::array<Place, kPlaces> places_;
};

}  // namespace baton::api
