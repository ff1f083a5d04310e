// Rooms over one connection.
//
// Posts arrive in `team_chat_recent`, in the order of their arrival and without an index, and are moved into
// `team_chat`, which is sorted by room, a thousand at a time. Written there one by one each post would cost two pages:
// the ends of the rooms lie all over that table, and pages split there.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "store/sqlite/statement.hpp"
#include "store/tx.hpp"

namespace baton::store::sqlite {

class Posts final : public PostTable {
 public:
  explicit Posts(Connection& connection);

  std::vector<Post> after(const std::string& room_id, std::int64_t seq, std::size_t limit) const override;
  std::int64_t append(const Post& post) override;

  // A script begins; what was appended since then was undone; so was everything since the last commit.
  void begin_script() { has_appended_ = false; }
  void undo_script();
  void undo_group() { recent_rooms_.reset(); }

 private:
  using LastSeqs = std::unordered_map<std::string, std::int64_t>;

  std::int64_t next_seq(const std::string& room_id);
  LastSeqs recent_rooms();
  void move_recent();

  // The last seq of each room that has recent posts; nothing: not looked up yet.
  std::optional<LastSeqs> recent_rooms_;
  std::int64_t recent_ = 0;
  bool has_appended_ = false;
  mutable Statement sorted_after_;
  mutable Statement recent_after_;
  Statement last_sorted_;
  Statement recent_seqs_;
  Statement insert_;
  Statement copy_recent_;
  Statement erase_recent_;
  Statement forget_;
};

}  // namespace baton::store::sqlite
