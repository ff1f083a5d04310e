// Rooms over one connection.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "store/sqlite/statement.hpp"
#include "store/tx.hpp"

namespace baton::store::sqlite {

class Posts final : public PostTable {
 public:
  explicit Posts(Connection& connection);

  std::vector<Post> after(const std::string& room_id, std::int64_t seq, std::size_t limit) const override;
  std::int64_t append(const Post& post) override;

 private:
  mutable Statement after_;
  Statement last_;
  Statement insert_;
  Statement trim_;
};

}  // namespace baton::store::sqlite
