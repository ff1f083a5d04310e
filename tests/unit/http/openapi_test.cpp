#include <array>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/bug.hpp"
#include "base/json_reader.hpp"
#include "http/ascii.hpp"
#include "http/router.hpp"

namespace baton::http {
namespace {

constexpr std::array<std::string_view, 2> kStatuses{"todo", "done"};
constexpr std::array<Field, 4> kCreate{
    {{.name = "title", .required = true, .min = 1, .max = 500, .about = "what to do"},
     {.name = "priority", .kind = Kind::kInteger, .nullable = true},
     {.name = "status", .one_of = kStatuses},
     {.name = "labels", .kind = Kind::kTexts, .min = 1, .max = 9, .most_texts = 5}}};
constexpr Field kPlace[] = {{.name = "street", .required = true}, {.name = "number", .kind = Kind::kInteger, .min = 1}};
constexpr Field kEdit[] = {
    {.name = "notes", .kind = Kind::kTexts, .most_texts = SIZE_MAX},
    {.name = "when", .falsy_is_absent = true},
    {.name = "place", .kind = Kind::kObject, .nullable = true, .members = kPlace, .about = "where"},
};

void nothing(Request&, Responder) {}

Router sample() {
  Router router;
  router.add({{.method = Method::kGet,
               .pattern = "/api/board",
               .operation = "listTasks",
               .summary = "Lists \"tasks\"",
               .tag = "board",
               .handler = nothing,
               .query = {{"status", "only these"},
                         {"state", "", Kind::kText, 0, 20, kStatuses},
                         {"limit", "per page", Kind::kInteger, 1, 500},
                         {"ready", "", Kind::kBoolean}}},
              {.method = Method::kPatch,
               .pattern = "/api/board",
               .operation = "editTask",
               .summary = "Edits a task",
               .tag = "board",
               .handler = nothing,
               .body = kEdit},
              {.method = Method::kGet,
               .pattern = "/api/board/{taskId}/links/{linkId}",
               .operation = "showLink",
               .summary = "Shows a link",
               .tag = "board",
               .handler = nothing,
               .answers = {{200, "the link"}, {404, "no such link"}}},
              {.method = Method::kPost,
               .pattern = "/api/board",
               .operation = "createTask",
               .summary = "Creates a task",
               .tag = "board",
               .handler = nothing,
               .body = kCreate,
               .headers = {{"Idempotency-Key", "carried out once"}}}});
  return router;
}

json::Document document() {
  auto parsed = json::Document::parse(openapi_document(sample(), "Baton", "0.1.0"));
  require(parsed.has_value(), "the document is JSON");
  return std::move(*parsed);
}

std::string at(const json::Document& parsed, std::string_view pointer) {
  json::Value value;
  if (parsed.root().at_pointer(pointer).get(value)) return "(absent)";
  return simdjson::minify(value);
}

TEST(OpenApi, ListsEveryRoute) {
  const auto parsed = document();
  EXPECT_EQ(at(parsed, "/openapi"), R"("3.1.0")");
  EXPECT_EQ(at(parsed, "/info"), R"({"title":"Baton","version":"0.1.0"})");
  const Router router = sample();
  for (const Route& route : router.routes()) {
    const auto paths = json::member(parsed.root(), "paths");
    ASSERT_TRUE(paths);
    const auto path = json::member(*paths, route.pattern);
    ASSERT_TRUE(path) << route.pattern;
    std::string method;
    ascii::assign_lower(method, to_text(route.method));
    const auto operation = json::member(*path, method);
    ASSERT_TRUE(operation) << route.operation;
    EXPECT_EQ(json::text(*operation, "operationId"), route.operation);
    EXPECT_EQ(json::text(*operation, "summary"), route.summary);
  }
}

TEST(OpenApi, DescribesParameters) {
  const auto parsed = document();
  const auto parameter = [&](int number) {
    return at(parsed, "/paths/~1api~1board/get/parameters/" + std::to_string(number));
  };
  EXPECT_EQ(parameter(0),
            R"({"name":"status","in":"query","required":false,"description":"only these","schema":{"type":"string"}})");
  EXPECT_EQ(parameter(1), R"({"name":"state","in":"query","required":false,"schema":)"
                          R"({"type":"string","minLength":0,"maxLength":20,"enum":["todo","done"]}})");
  EXPECT_EQ(parameter(2), R"({"name":"limit","in":"query","required":false,"description":"per page","schema":)"
                          R"({"type":"integer","minimum":1,"maximum":500}})");
  EXPECT_EQ(parameter(3), R"({"name":"ready","in":"query","required":false,"schema":{"type":"boolean"}})");
  EXPECT_EQ(parameter(4), "(absent)");
  EXPECT_EQ(at(parsed, "/paths/~1api~1board~1{taskId}~1links~1{linkId}/get/parameters/1"),
            R"({"name":"linkId","in":"path","required":true,"schema":{"type":"string"}})");
  EXPECT_EQ(at(parsed, "/paths/~1api~1board/post/parameters/0"),
            R"({"name":"Idempotency-Key","in":"header","required":false,"description":"carried out once",)"
            R"("schema":{"type":"string"}})");
}

TEST(OpenApi, DescribesTheBodyFromTheFieldsThatReadIt) {
  const auto parsed = document();
  const std::string schema = "/paths/~1api~1board/post/requestBody/content/application~1json/schema";
  EXPECT_EQ(at(parsed, schema + "/properties/title"),
            R"({"type":"string","minLength":1,"maxLength":500,"description":"what to do"})");
  EXPECT_EQ(at(parsed, schema + "/properties/priority"), R"({"type":["integer","null"]})");
  EXPECT_EQ(at(parsed, schema + "/properties/status"), R"({"type":"string","enum":["todo","done"]})");
  EXPECT_EQ(at(parsed, schema + "/properties/labels"),
            R"({"type":"array","maxItems":5,"items":{"type":"string","minLength":1,"maxLength":9}})");
  EXPECT_EQ(at(parsed, schema + "/required"), R"(["title"])");
  EXPECT_EQ(at(parsed, "/paths/~1api~1board/get/requestBody"), "(absent)");
}

TEST(OpenApi, DescribesListsAndObjects) {
  const auto parsed = document();
  const std::string properties = "/paths/~1api~1board/patch/requestBody/content/application~1json/schema/properties";
  EXPECT_EQ(at(parsed, properties + "/notes"), R"({"type":"array","items":{"type":"string"}})");
  EXPECT_EQ(at(parsed, properties + "/when"),
            R"({"type":["string","null","boolean","number"],"anyOf":[{"type":"string"},{"enum":[null,false,0]}]})");
  EXPECT_EQ(at(parsed, properties + "/place"),
            R"({"type":["object","null"],"properties":{"street":{"type":"string"},)"
            R"("number":{"type":"integer","minimum":1}},"required":["street"],"description":"where"})");
}

TEST(OpenApi, DescribesAnswers) {
  const auto parsed = document();
  const std::string link = "/paths/~1api~1board~1{taskId}~1links~1{linkId}/get/responses";
  EXPECT_EQ(at(parsed, link + "/200"), R"({"description":"the link"})");
  EXPECT_EQ(at(parsed, link + "/404/content/application~1json/schema"), R"({"$ref":"#/components/schemas/Error"})");
  EXPECT_NE(at(parsed, "/paths/~1api~1board/post/responses/200"), "(absent)");
  EXPECT_NE(at(parsed, "/paths/~1api~1board/post/responses/415"), "(absent)");
  EXPECT_EQ(at(parsed, "/paths/~1api~1board/get/responses/415"), "(absent)");
  EXPECT_NE(at(parsed, "/components/schemas/Error/properties/error"), "(absent)");
}

TEST(OpenApi, IsTheSameEachTime) {
  EXPECT_EQ(openapi_document(sample(), "a", "b"), openapi_document(sample(), "a", "b"));
}

}  // namespace
}  // namespace baton::http
