// Every byte that comes from outside: control and guard payloads, on the decoders and on a window that takes them.
//   clang++ -std=c++17 -g -O1 -fsanitize=fuzzer,address,undefined -Ifirmware/components/smart_window_core fuzz.cpp
#include <cstdio>
#include <cstdlib>
#include <string>

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

#ifdef WITHOUT_LIBFUZZER
// For a compiler without libFuzzer: blind changes to the files that are named, for so many seconds. It finds less.
#include <chrono>
#include <fstream>
#include <iterator>
#include <random>
#include <vector>

int main(int argc, char **argv) {
  std::vector<std::string> known;
  for (int i = 2; i < argc; i++) {
    std::ifstream file(argv[i], std::ios::binary);
    known.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  }
  must(!known.empty());
  std::mt19937 chance(1);
  const auto pick = [&chance](size_t count) { return chance() % count; };
  const auto until = std::chrono::steady_clock::now() + std::chrono::duration<double>(std::atof(argv[1]));
  size_t runs = 0;
  for (; runs < known.size() || std::chrono::steady_clock::now() < until; runs++) {
    std::string payload = known[runs % known.size()];
    for (size_t changes = runs < known.size() ? 0 : 1 + pick(4); changes > 0 && !payload.empty(); changes--) {
      const std::string &other = known[pick(known.size())];
      switch (pick(4)) {
        case 0: payload[pick(payload.size())] = static_cast<char>(chance()); break;
        case 1: payload.resize(pick(payload.size())); break;
        case 2: payload.erase(pick(payload.size()), 1 + pick(8)); break;
        default: payload.insert(pick(payload.size()), other.substr(pick(other.size() + 1), pick(24))); break;
      }
    }
    payload.resize(payload.size() < 4200 ? payload.size() : 4200);
    LLVMFuzzerTestOneInput(reinterpret_cast<const uint8_t *>(payload.data()), payload.size());
  }
  std::printf("%zu payloads\n", runs);
}
#endif
