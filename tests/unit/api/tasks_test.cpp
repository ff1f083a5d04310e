#include "tests/unit/api/harness.hpp"

namespace baton::api {
namespace {

using http::test::post;
using testing::HasSubstr;
using testing::StartsWith;

using TasksTest = ApiTest;

TEST_F(TasksTest, NamesHaveALargestLength) {
  const auto task = disk.create("work");
  const std::string name(201, 'n');
  const auto refused = [&](const std::string& path, const std::string& required, const std::string& field) {
    const auto answer = answer_to(post(path, "{" + required + "\"" + field + "\":\"" + name + "\"}"));
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 400 ")) << field;
    EXPECT_THAT(answer, HasSubstr(field));
  };
  for (const char* field : {"teamId", "assigneeRuntime", "sourceDelegationId", "tenantId"})
    refused("/api/board", R"("title":"t",)", field);
  refused("/api/board/" + task.id.value + "/claim", "", "assigneeAgentId");
  refused("/api/board/" + task.id.value + "/claim", R"("assigneeAgentId":"ada",)", "assigneeRuntime");
  refused("/api/board/" + task.id.value + "/comments", R"("body":"b",)", "authorAgentId");
}

}  // namespace
}  // namespace baton::api
