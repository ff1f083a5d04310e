// Answers under Idempotency-Keys over one connection.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "store/sqlite/statement.hpp"
#include "store/tx.hpp"

namespace baton::store::sqlite {

class KeptAnswers final : public KeptAnswerTable {
 public:
  explicit KeptAnswers(Connection& connection);

  std::optional<KeptAnswer> find(const std::string& key) const override;
  void insert(const KeptAnswer& row) override;
  void save(const KeptAnswer& row) override;
  void erase(const std::string& key) override;
  std::size_t prune(std::int64_t before_ms, std::size_t limit) override;

 private:
  Connection& connection_;
  mutable Statement find_;
  Statement insert_;
  Statement save_;
  Statement erase_;
  Statement prune_;
};

}  // namespace baton::store::sqlite
