"""The symbol lint, tested on lines of `nm -C`."""

import unittest

from check_symbols import offenders

PARSER = "boost::beast::http::basic_parser<true>"


class CheckSymbols(unittest.TestCase):
    def test_lets_beast_take_its_input(self):
        self.assertEqual(offenders(f"00000000000121a0 W {PARSER}::put(boost::asio::const_buffer, int)"), [])
        self.assertEqual(offenders("00 W bool boost::beast::f<boost::asio::mutable_buffer>(boost::asio::const_buffers_1)"), [])

    def test_names_the_reactor(self):
        for symbol in (
            "boost::asio::detail::scheduler::run(boost::system::error_code&)",
            "vtable for boost::asio::execution_context",
            "boost::asio::const_buffer::data() const",
            "void std::sort<boost::asio::const_buffer*>(boost::asio::const_buffer*)",
            f"{PARSER}::read(boost::asio::io_context&, boost::asio::const_buffer)",
        ):
            self.assertEqual(offenders(f"0000000000012345 T {symbol}"), [symbol])

    def test_ignores_the_standalone_one(self):
        self.assertEqual(offenders("00 T asio::detail::scheduler::run(std::error_code&)\n                 U malloc"), [])


if __name__ == "__main__":
    unittest.main()
