#include "http/errors.hpp"

#include <gtest/gtest.h>

#include "base/json_reader.hpp"

namespace baton::http {
namespace {

TEST(Errors, GiveEachCodeItsStatus) {
  EXPECT_EQ(status_of(Errc::kInvalid), 400);
  EXPECT_EQ(status_of(Errc::kDenied), 403);
  EXPECT_EQ(status_of(Errc::kNotFound), 404);
  EXPECT_EQ(status_of(Errc::kConflict), 409);
  EXPECT_EQ(status_of(Errc::kCancelled), 503);
  EXPECT_EQ(status_of(Errc::kTooLarge), 413);
  EXPECT_EQ(status_of(Errc::kUnprocessable), 422);
  EXPECT_EQ(status_of(Errc::kInternal), 500);
  EXPECT_EQ(status_of(Errc::kIo), 500);
  EXPECT_EQ(status_of(Errc::kUnavailable), 503);
  EXPECT_EQ(status_of(Errc::kTimeout), 504);
  EXPECT_EQ(status_of(Errc::kNoSpace), 507);
}

TEST(Errors, AreOneJsonField) {
  EXPECT_EQ(error_response(404, "task not found").body, R"({"error":"task not found"})");
}

TEST(Errors, CarryTheReasonWhereThereIsOne) {
  const Error with{Errc::kConflict, "todo cannot become done", "illegal_transition"};
  EXPECT_EQ(error_response(with).body,
            R"({"ok":false,"error":"illegal_transition","message":"todo cannot become done"})");
  EXPECT_EQ(error_response(with).status, 409);
  const Error without{Errc::kNotFound, "gone"};
  EXPECT_EQ(error_response(without).body, R"({"ok":false,"error":"gone","message":"gone"})");
}

TEST(Errors, CarryTheirDetailsAsMembers) {
  Error error{Errc::kConflict, "held by alder", "claimed"};
  error.details = {{"holder", "\"alder\""}, {"since", "5"}};
  EXPECT_EQ(error_response(error).body,
            R"({"ok":false,"error":"claimed","message":"held by alder","holder":"alder","since":5})");
}

TEST(Errors, StayJsonWhateverTheyQuote) {
  const auto response = error_response(Error{Errc::kIo, "git said \xff\xfe \"no\"\n"});
  EXPECT_TRUE(json::Document::parse(response.body)) << response.body;
}

TEST(Errors, GatherTheMessagesOfAField) {
  InvalidBody invalid;
  invalid.form_errors = {"must be an object"};
  invalid.field_errors = {{"title", "is missing"}, {"priority", "must be a number"}, {"title", "is odd"}};
  const auto response = invalid_body(invalid);
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(response.body, R"({"error":"invalid body","details":{"formErrors":["must be an object"],"fieldErrors":)"
                           R"({"title":["is missing","is odd"],"priority":["must be a number"]}}})");
}

}  // namespace
}  // namespace baton::http
