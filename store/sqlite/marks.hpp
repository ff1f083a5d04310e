// Named numbers over one connection.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "store/sqlite/statement.hpp"
#include "store/tx.hpp"

namespace baton::store::sqlite {

class Marks final : public MarkTable {
 public:
  explicit Marks(Connection& connection);

  std::int64_t get(std::string_view name) const override;
  void set(std::string_view name, std::int64_t value) override;
  void drop(std::string_view name) override;
  std::vector<std::string> below(std::string_view folder) const override;

 private:
  mutable Statement get_;
  Statement set_;
  Statement drop_;
  mutable Statement below_;
};

}  // namespace baton::store::sqlite
