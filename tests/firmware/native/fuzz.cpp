// Every byte that comes from outside: control and guard payloads, on the decoders and on a window that takes them.
//   clang++ -std=c++17 -g -O1 -fsanitize=fuzzer,address,undefined -Ifirmware/components/smart_window_core fuzz.cpp
#include <cstdlib>

#include "messages.h"

using namespace window_core;

static void must(bool holds) {
  if (!holds)
    std::abort();
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  const std::string_view payload(reinterpret_cast<const char *>(data), size);
  Device device({}, {}, false, 0);
  device.connect(*Token::from("s"), 0);
  if (const auto guard = decode_guard(payload)) {
    must(!guard->hub.empty() && guard->min >= kClosed && guard->min <= guard->max && guard->max <= kOpen);
    must(guard->rain_position >= kClosed && guard->rain_position <= kOpen);
    device.guard(*guard, false, kSecond);
    must(!device.is_moving());
  }
  const auto read = decode_control(payload);
  const auto result = device.control(read, false, kSecond);
  must(read.unfit == Reason::kNone || result.verdict == Verdict::kInvalid);
  must(read.unfit == Reason::kNone || !device.is_moving());
  must(read.control.position >= kClosed && read.control.position <= kOpen);
  char buffer[1024];
  must(!encode_result(result, 1, buffer, sizeof buffer).empty());
  must(!encode_state(device.state(), 1, buffer, sizeof buffer).empty());
  device.advance(3600 * kSecond);
  must(!device.is_moving());
  return 0;
}
