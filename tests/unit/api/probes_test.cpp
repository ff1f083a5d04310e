#include "api/probes.hpp"

#include "base/limits.hpp"
#include "tests/unit/http/harness.hpp"

namespace baton::api {
namespace {

using namespace std::chrono_literals;
using http::test::get;
using http::test::post;
using testing::EndsWith;
using testing::HasSubstr;

class ProbesTest : public http::test::ServerTest {
 protected:
  ProbesTest() {
    router.add(probe_routes([this](std::chrono::milliseconds how_long, std::function<void(LagSamples)> done) {
      asked = how_long;
      if (busy) return false;
      done(samples);
      return true;
    }));
  }
  void SetUp() override { serve(); }

  std::string answer_to(const std::string& request) {
    auto asking = client();
    EXPECT_TRUE(asking.send(request));
    EXPECT_TRUE(asking.receive_until("}"));
    return asking.received;
  }

  LagSamples samples;
  std::chrono::milliseconds asked{0};
  bool busy = false;
};

TEST_F(ProbesTest, TellsHowLateTheLoopWas) {
  for (int i = 200; i > 0; --i) samples.push_back(i * 1us);
  EXPECT_THAT(answer_to(get("/api/obs/loop?ms=200")),
              EndsWith(R"({"ok":true,"samples":200,"p50Us":101,"p99Us":199,"maxUs":200})"));
  EXPECT_EQ(asked, 200ms);
}

TEST_F(ProbesTest, MeasuresASecondUnlessToldOtherwise) {
  EXPECT_THAT(answer_to(get("/api/obs/loop")), EndsWith(R"({"ok":true,"samples":0,"p50Us":0,"p99Us":0,"maxUs":0})"));
  EXPECT_EQ(asked, 1s);
}

TEST_F(ProbesTest, RefusesADurationThatIsNone) {
  for (const auto* ms : {"0", "-1", "10001", "", "x", "1.5", "99999999999999999999"}) {
    EXPECT_THAT(answer_to(get("/api/obs/loop?ms=" + std::string(ms))),
                EndsWith(R"({"error":"ms must be a whole number from 1 to 10000"})"));
  }
  EXPECT_EQ(asked, 0ms);
}

TEST_F(ProbesTest, SaysWhenItDoesNotMeasure) {
  busy = true;
  EXPECT_THAT(answer_to(get("/api/obs/loop")), HasSubstr("503 "));
}

TEST_F(ProbesTest, EchoesTheBodyAsItCame) {
  const auto answer = answer_to(post("/api/echo", R"({"b":[1, 2 ],"a":null})"));
  EXPECT_THAT(answer, HasSubstr("Content-Type: application/json\r\n"));
  EXPECT_THAT(answer, EndsWith("\r\n\r\n{\"b\":[1, 2 ],\"a\":null}"));
}

TEST_F(ProbesTest, EchoesNoMoreThan64KiB) {
  const std::string largest(64 * 1024 - 2, 'x');
  EXPECT_THAT(answer_to(post("/api/echo", "{" + largest + "}")), HasSubstr("Content-Length: 65536\r\n"));
  EXPECT_THAT(answer_to(post("/api/echo", "{" + largest + " }")), HasSubstr("413 "));
}

}  // namespace
}  // namespace baton::api
